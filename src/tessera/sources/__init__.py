"""Importers: pure generators from files and feeds to drafts. No Django, no writes."""
