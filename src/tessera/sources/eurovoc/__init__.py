"""EuroVoc, the multilingual thesaurus of the EU."""
