"""EuroSciVoc, the fields of science by which CORDIS files its projects."""
