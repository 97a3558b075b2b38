"""SKOS: vocabularies in RDF, and in the YAML form of the same."""
