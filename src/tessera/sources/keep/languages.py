"""Which language the "language 2" of an export is, and texts by language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tessera.sources.formats.language import detect_language

UNKNOWN: Final = "und"
_CERTAINTY: Final = 0.75
_SAMPLE: Final = 2000


class Texts:
    """Texts by language; several of one language are joined, the same text twice is one."""

    def __init__(self, between: str) -> None:
        self.by_language: dict[str, str] = {}
        self._between = between

    def add(self, language: str, text: str) -> None:
        """One more text; nothing where the same text is there, in any language."""
        if text in self.by_language.values():
            return
        known = self.by_language.get(language)
        self.by_language[language] = f"{known}{self._between}{text}" if known else text


def languages_of(
    written: Mapping[str, Mapping[str, str]],
) -> tuple[dict[str, str], list[str]]:
    """Language by number ("language 2", or "outputs.und"), and the numbers without one.

    written: texts by what they are ("title") and by number. The language of a number is told
    from all texts of it, as a title alone is short. "en" stands for itself.
    """
    samples: dict[str, list[str]] = {}
    for name, texts in written.items():
        for number, text in texts.items():
            key = f"{name}.{number}" if number == UNKNOWN else number
            samples.setdefault(key, []).append(text[:_SAMPLE])
    found: dict[str, str] = {"en": "en", UNKNOWN: UNKNOWN}
    unsure = []
    for key, sample in samples.items():
        if key in found:
            continue
        language = detect_language(" ".join(sample), least=_CERTAINTY, words=4)
        found[key] = language or UNKNOWN
        if not language and not key.endswith(UNKNOWN):
            unsure.append(key)
    return found, unsure
