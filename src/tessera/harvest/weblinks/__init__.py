"""The links that records have into the web: which there are, whether they work, who is told."""
