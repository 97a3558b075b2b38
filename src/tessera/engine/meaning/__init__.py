"""Nearness in meaning, by an encoder on this machine; needs the extra `meaning`.

`folder` says which encoder a setting means, without the extra. `passages` cuts documents,
`encoder` makes vectors, `store` keeps them, `neighbours` finds the nearest, and `meaning` answers
from all of it.
"""
