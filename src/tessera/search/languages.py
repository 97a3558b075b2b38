"""Which languages the site speaks, and which a reader wants."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import trans_real

from tessera.schema import vocabularies


@cache
def interface_languages() -> tuple[str, ...]:
    """The languages that the site was translated into: English, and each with a catalogue."""
    found = {"en"}
    for folder in settings.LOCALE_PATHS:
        found |= {path.parts[-3] for path in Path(folder).glob("*/LC_MESSAGES/django.mo")}
    configured = [code for code, _ in settings.LANGUAGES]
    return tuple(code for code in configured if code in found) or ("en",)


def interface_language(*wanted: str) -> str:
    """The first of the wanted languages that the site speaks, else its own first."""
    available = interface_languages()
    return next((code for code in wanted if code in available), available[0])


def known_language(value: str) -> str:
    """The primary tag of a language that the vocabulary has, such as "el"; else empty."""
    code = value.strip().lower().partition("-")[0]
    return code if len(code) <= 3 and vocabularies.language(code) else ""


def accepted_languages(header: str) -> list[str]:
    """The languages of an Accept-Language header, the most wanted first."""
    codes = (known_language(code) for code, _ in trans_real.parse_accept_lang_header(header))
    return list(dict.fromkeys(code for code in codes if code))
