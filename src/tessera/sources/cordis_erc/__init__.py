"""Grants of the European Research Council, as lists made of CORDIS."""
