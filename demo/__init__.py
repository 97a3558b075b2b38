"""The demonstration catalogue: invented records that show what Tessera does, without a network."""
