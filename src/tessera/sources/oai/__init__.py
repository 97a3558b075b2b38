"""Records of repositories that speak OAI-PMH 2.0, as Dublin Core."""
