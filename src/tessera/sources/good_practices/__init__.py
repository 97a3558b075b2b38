"""Good practices of the European Circular Economy Stakeholder Platform."""
