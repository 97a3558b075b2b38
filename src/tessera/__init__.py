"""Tessera: a self-hosted portal for people who work across Europe's borders."""

__version__ = "0.1.0"
