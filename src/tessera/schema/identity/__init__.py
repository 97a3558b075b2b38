"""Who is who: stable ids, and telling whether two names mean one organisation. Pure."""

from tessera.schema.identity.ids import normalised_name, organisation_id

__all__ = ["normalised_name", "organisation_id"]
