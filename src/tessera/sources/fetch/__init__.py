"""Asking other sites for what they publish: polite, bounded, and closed to private addresses."""
