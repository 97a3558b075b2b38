"""Searching: text analysis, queries, results and the port to search backends.

The engine knows no record kind, no Django and no network but the OpenSearch adapter.
"""
