"""ISCED-F 2013, the fields of education and training."""
