"""What a record is filed under, as its page says it: subjects, categories, former regions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from tessera.records import concepts
from tessera.schema import vocabularies
from tessera.schema.vocabularies import Intervention

NUTS = "nuts"
"""The imported vocabulary that knows regions of more versions than the table that is built in."""


def subjects(data: Mapping[str, Any], lang: str) -> dict[str, tuple[str, str]]:
    """Themes in the reader's language, and the language they are in, by the theme as stated.

    Of those that the record also states as concepts of a vocabulary that is in the home.
    """
    stated: dict[str, dict[str, str]] = {}
    for each in data.get("concepts") or ():
        if each.get("label"):
            stated.setdefault(str(each["vocabulary"]), {})[str(each["code"])] = str(each["label"])
    found: dict[str, tuple[str, str]] = {}
    for vocabulary, by_code in stated.items():
        for code, concept in concepts.concepts(vocabulary, by_code).items():
            if by_code[code] in (text for _lang, _role, text in concept.all_labels()):
                found[by_code[code]] = concept.said(lang)
    return found


def categories(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Categories of intervention as (text, note), such as ("026 Other railways", "2014-2020")."""
    period = str(data.get("period") or "")
    found: dict[Intervention, None] = {}
    for name in ("intervention_fields", "intervention_types", "intervention_type"):
        stated = data.get(name) or ()
        for text in [stated] if isinstance(stated, str) else stated:
            found.update(dict.fromkeys(vocabularies.stated_interventions(str(text), period)))
    told = []
    for each in found:
        dimension = each.dimension_label
        note = ", ".join(filter(None, (dimension if each.code else "", each.period)))
        told.append((f"{each.code} {each.label}".strip(), note))
    return [pair for pair in told if pair[0]]


def old_regions(codes: list[str]) -> dict[str, str]:
    """How regions that are stated under codes of earlier versions were called then, by code."""
    wanted = {vocabularies.normal_code(code): code for code in codes if code}
    if not wanted:
        return {}
    found = concepts.concepts(NUTS, wanted)
    return {wanted[code]: each.label() for code, each in found.items() if each.labels}


def stated_as(code: str, names: Mapping[str, str]) -> str:
    """The note beside a region that its source states under another code."""
    if code in names:
        return _("stated as %(code)s, %(name)s") % {"code": code, "name": names[code]}
    return _("stated as %(code)s") % {"code": code}
