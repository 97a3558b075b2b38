"""Everything in one file, and back: database rows as JSON lines, and the files of home.

Rows rather than a copy of the database, because one format then does for SQLite and PostgreSQL
alike: it needs no tool of either, it can be read by people, a backup made on the one can be
restored on the other, and one made by an older Tessera is brought up to date by its migrations.
What can be made again is left out: the index (rebuilt on restore), static files, caches,
sessions.
"""
