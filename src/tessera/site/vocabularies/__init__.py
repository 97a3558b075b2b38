"""The command over imported vocabularies."""
