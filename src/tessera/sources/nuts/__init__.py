"""NUTS regions: codes, names and versions, points and borders."""
