"""Invitations: who is asked to come, with which role, and how they accept."""
