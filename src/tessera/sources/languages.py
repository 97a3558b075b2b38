"""The language of a record's texts where its source is silent, or says what can't be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from tessera.sources.formats.language import detect_language

_FIELDS: Final = ("title", "summary", "text")
_NAMED: Final = ("organisation", "person")
"""Kinds whose titles are names, which are in no language."""
_SURE: Final = 0.8
"""The certainty needed; a record in no language is still found by its words."""
_WORDS: Final = 4
_TITLE_WORDS: Final = 3
"""A shorter title, such as an acronym, keeps being in no language."""
_ENOUGH: Final = 1000
"""Characters of each text that tell its language."""

_SCRIPTS: Final = (
    (re.compile("[\u0370-\u03ff\u1f00-\u1fff]"), frozenset({"el"})),
    (re.compile("[\u0400-\u052f]"), frozenset({"be", "bg", "bs", "mk", "ru", "sr", "uk"})),
)
_LETTER: Final = re.compile(r"[^\W\d_]")


def with_languages(values: dict[str, Any]) -> dict[str, Any]:
    """The values of a record with the languages of title, summary and text settled.

    A language that the source states is taken, unless most letters are of a script in which it
    isn't written. Texts in no stated language ("und") are judged together, and get a language
    only where that is sure.
    """
    texts = {
        field: dict(values[field])
        for field in _FIELDS
        if isinstance(values.get(field), Mapping)
        and all(isinstance(text, str) for text in values[field].values())
    }
    for by_lang in texts.values():
        for lang, text in list(by_lang.items()):
            if lang != "und" and "und" not in by_lang and _contradicted(text, str(lang)):
                by_lang["und"] = by_lang.pop(lang)
    unknown = {field: by_lang["und"] for field, by_lang in texts.items() if "und" in by_lang}
    if values.get("kind") in _NAMED:
        unknown.pop("title", None)
    sample = "\n".join(text[:_ENOUGH] for text in unknown.values())
    lang = detect_language(sample, least=_SURE, words=_WORDS) if sample else ""
    if lang and not _contradicted(sample, lang):
        for field, text in unknown.items():
            if lang not in texts[field] and (field != "title" or _is_sentence(text)):
                texts[field][lang] = texts[field].pop("und")
    return {**values, **texts}


def _is_sentence(title: str) -> bool:
    return len(title.split()) >= _TITLE_WORDS


def _contradicted(text: str, lang: str) -> bool:
    """Whether most letters are Greek or Cyrillic, and the language is not written so."""
    if text.isascii():
        return False
    beginning = text[:_ENOUGH]
    most = len(_LETTER.findall(beginning)) / 2
    return any(
        lang not in langs and len(letters.findall(beginning)) > most for letters, langs in _SCRIPTS
    )
