from __future__ import annotations

from tessera.engine.expansion import read_pairs
from tessera.schema import vocabularies
from tests.livesite import ROOT


def test_every_word_is_there_in_every_language() -> None:
    words = list(read_pairs(ROOT / "demo" / "glossary.jsonl"))
    langs = set(words[0])
    assert len(words) == 28 and len(langs) == 22
    for texts in words:
        assert set(texts) == langs and all(texts.values())
    assert all(vocabularies.language(lang) for lang in langs)
