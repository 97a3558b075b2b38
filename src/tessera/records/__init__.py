"""The system of record: sources, records, links between them, and the log of their changes."""
