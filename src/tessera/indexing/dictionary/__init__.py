"""The dictionary of a home: what it is learned from, when, and the expander that reads it.

It lies in `cache` in home and can always be made anew. The files of pairs that an operator gave
lie in `dictionary` in home, and are part of a backup.
"""
