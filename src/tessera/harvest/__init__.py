"""Runs over sources, and their errors by stage."""
