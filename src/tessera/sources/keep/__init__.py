"""keep.eu: its export of projects and partners, and the project records of its API."""
