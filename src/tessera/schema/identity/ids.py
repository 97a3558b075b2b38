"""Who is who: stable ids for organisations that a source only names.

An organisation that comes with an id (PIC, ROR, VAT, a source's own) is known by it. One that
is only named is known by its normalised name and country. Issue-wide matching of names that
differ builds on this; it never changes an id once given.
"""

from __future__ import annotations

import hashlib

from tessera.engine.analysis import folded
from tessera.schema.parts import OrganisationRef


def normalised_name(name: str) -> str:
    """Folded words of a name joined by blanks: case, marks and punctuation set aside."""
    return folded(name)


def organisation_id(organisation: OrganisationRef) -> str:
    """The record id of an organisation named in another record, such as `org:lt:mita-1a2b3c4d`.

    Two mentions get one id where their given id, or else their normalised name and country, are
    the same. The readable part is for people; the digest of name and country decides.
    """
    if organisation.id:
        return organisation.id
    name = normalised_name(organisation.name) or organisation.name
    country = (organisation.country or "xx").lower()
    digest = hashlib.sha256(f"{country}\n{name}".encode()).hexdigest()[:8]
    words = "-".join(normalised_name(organisation.name).split())
    slug = words if len(words) <= 48 else words[:48].rpartition("-")[0] or words[:48]
    return f"org:{country}:{slug or 'unnamed'}-{digest}"
