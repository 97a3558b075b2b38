"""Keeps the index equal to the records."""
