"""Tessera: a self-hosted portal for people who work across Europe's borders."""

import os

# Before numpy is loaded. Its library for matrices lets a thread for each core turn idly for a while
# after each product; ours are small, and the other cores have processes and threads of their own.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
