"""Kohesio: the project files of both periods, and its beneficiaries."""
