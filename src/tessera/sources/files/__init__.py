"""A folder of documents."""
