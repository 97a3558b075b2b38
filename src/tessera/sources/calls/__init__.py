"""Calls for proposals of the European Union, as lists of topics with their full texts."""
