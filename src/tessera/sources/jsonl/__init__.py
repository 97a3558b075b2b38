"""The interchange format: a record a line."""
