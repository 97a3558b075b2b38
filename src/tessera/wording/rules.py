"""What synonyms and stop terms must be like, said in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from tessera.engine.analysis import prefix_key
from tessera.wording.groups import (
    MAX_PHRASE,
    MAX_TEXT,
    MAX_WORD,
    MAX_WORDS,
    Group,
    phrase_key,
    split_words,
)
from tessera.wording.models import StopTerm, Synonym

_LANG = re.compile(r"[a-z]{2,3}")


class WordingError(ValueError):
    """What is wrong with a synonym or a stop term, as a sentence for editors."""


class Rules:
    """The rules, among what is there already."""

    def __init__(self, synonyms: Iterable[Synonym], terms: Iterable[StopTerm]) -> None:
        self._synonyms: dict[tuple[str, frozenset[str]], Synonym] = {}
        self._terms: dict[str, StopTerm] = {}
        for synonym in synonyms:
            self.add(synonym)
        for term in terms:
            self.add(term)

    @classmethod
    def stored(cls, besides: Synonym | StopTerm | None = None) -> Rules:
        """Among all that are stored, besides the one that is being changed."""
        return cls(
            (each for each in Synonym.objects.order_by("pk") if each != besides),
            (each for each in StopTerm.objects.order_by("pk") if each != besides),
        )

    def add(self, made: Synonym | StopTerm) -> None:
        """Take one more for there."""
        if isinstance(made, StopTerm):
            self._terms[prefix_key(made.word)] = made
        else:
            self._synonyms.setdefault(_key(made.group), made)

    def same_synonym(self, group: Group) -> Synonym | None:
        return self._synonyms.get(_key(group))

    def same_stop_term(self, word: str) -> StopTerm | None:
        return self._terms.get(prefix_key(word))

    def synonym(self, text: str, one_way: bool, lang: str, *, known: bool = False) -> Group:
        """The group that a text says. known: it may be there already. Raises WordingError."""
        group = Group(split_words(text), one_way, lang)
        if lang and not _LANG.fullmatch(lang):
            raise WordingError(
                _("%(lang)r is no language code; expected one such as en, or nothing.")
                % {"lang": lang}
            )
        _check_lengths(group, text)
        seen: dict[str, str] = {}
        for word in group.words:
            key = phrase_key(word)
            if key in seen:
                raise WordingError(
                    _("%(word)s would be a synonym of itself: it is the same as %(other)s.")
                    % {"word": word, "other": seen[key]}
                )
            seen[key] = word
        if len(group.words) < 2:
            raise WordingError(_("Give at least two words or phrases, with a comma between them."))
        same = self.same_synonym(group)
        if same is not None and not known:
            raise WordingError(
                _("These words are synonyms already: %(same)s.") % {"same": same.words}
            )
        return group

    def stop_term(self, text: str, *, known: bool = False) -> str:
        """The word that a text says. Raises WordingError."""
        word = " ".join(text.split())
        if not prefix_key(word):
            raise WordingError(_("Give a word with letters or digits in it."))
        if len(word) > MAX_WORD:
            raise WordingError(_("A word has at most %(most)s characters.") % {"most": MAX_WORD})
        if " " in word or "," in word or ";" in word:
            raise WordingError(_("Give one word alone; add others as stop terms of their own."))
        same = self.same_stop_term(word)
        if same is not None and not known:
            raise WordingError(_("%(word)s is a stop term already.") % {"word": same.word})
        return word


def _key(group: Group) -> tuple[str, frozenset[str]]:
    return group.lang, frozenset(map(phrase_key, group.words))


def _check_lengths(group: Group, text: str) -> None:
    if len(text) > MAX_TEXT:
        raise WordingError(
            _("That is too long: a group of synonyms has at most %(most)s characters.")
            % {"most": MAX_TEXT}
        )
    if len(group.words) > MAX_WORDS:
        raise WordingError(
            _("That are too many: a group has at most %(most)s words and phrases.")
            % {"most": MAX_WORDS}
        )
    for word in group.words:
        if not phrase_key(word):
            raise WordingError(_("%(word)s has no letter or digit in it.") % {"word": word})
        if len(word) > MAX_WORD or len(word.split()) > MAX_PHRASE:
            raise WordingError(
                _("%(word)s is too long: at most %(words)s words and %(most)s characters.")
                % {"word": word[:60], "words": MAX_PHRASE, "most": MAX_WORD}
            )
