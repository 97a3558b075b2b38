"""Readers of formats: bytes in, text, dates, rows and pages out. They know no source."""
