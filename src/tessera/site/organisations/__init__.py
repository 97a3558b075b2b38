"""The command line over organisations that are one under many names."""
