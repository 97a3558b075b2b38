"""One list of a repository, asked for whole or from the last run on.

What a run should know of the one before is kept with the fetcher's memory, which forgets it when
the code that reads or maps changes: then the whole list comes again, and is mapped anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tessera.sources.base import ItemError, Partial
from tessera.sources.delivered import Delivered, Unreadable
from tessera.sources.fetch.errors import Unusable
from tessera.sources.oai.answers import Answer, Repository, read_answer, read_repository

if TYPE_CHECKING:
    from tessera.sources.fetch.fetcher import Fetcher, Response

PREFIX: Final = "oai_dc"
"""The one form of metadata that every repository has."""

FULL_EVERY: Final = timedelta(days=30)
"""How often the whole list comes from a repository that doesn't keep what it deleted."""

TOKEN_HOLDS: Final = timedelta(hours=24)
"""A token that states no end of its own is tried for so long."""

_ARGUMENTS: Final = ("metadataPrefix", "set", "from", "until")
_ACCEPT: Final = "text/xml, application/xml;q=0.9, */*;q=0.5"

Told = tuple[Answer | ItemError | Partial, str]
"""An answer or something to be said, and where that was."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a list. All times are the repository's own, as it writes them.

    until: when the last run that went well began. full: the same of the last whole list.
    token, begun, expires: where the last run broke off, when it had begun, and how long that holds.
    """

    until: str = ""
    full: str = ""
    token: str = ""
    begun: str = ""
    expires: str = ""

    @classmethod
    def read(cls, kept: bytes) -> Self:
        return cls(**json.loads(kept)) if kept else cls()

    def written(self) -> bytes:
        return json.dumps(asdict(self)).encode()


class Listing:
    """A list at an address, with the parameters that it is asked for with."""

    def __init__(self, url: str, fetcher: Fetcher) -> None:
        self.url = url
        self.fetcher = fetcher
        self.key = f"oai-list {url}"
        self._split = urlsplit(url)
        given = dict(parse_qsl(self._split.query))
        self._own = {n: v for n, v in given.items() if n not in (*_ARGUMENTS, "verb")}
        self._wanted = {"metadataPrefix": PREFIX} | {n: given[n] for n in _ARGUMENTS if n in given}
        self._bounded = "from" in given or "until" in given

    def answers(self) -> Iterator[Told]:
        """The answers of the list in their order; raises FetchError."""
        known = Known() if self._bounded else Known.read(self.fetcher.known(self.key))
        ask, why, first = self._beginning(known)
        if why:
            yield Partial(why), self.url
        begun = known.begun if "resumptionToken" in ask else first.at
        tokens: set[str] = set()
        count, promised, answer = 0, 0, first
        while True:
            yield answer, f"{self.url}, answer {len(tokens) + 1}"
            count += len(answer.records)
            promised = answer.size or promised
            if not answer.token:
                break
            if answer.token in tokens:
                message = "its list leads in a circle (a resumptionToken came twice)"
                raise Unusable(self.url, message)
            tokens.add(answer.token)
            if not self._bounded:
                held = answer.expires or _later(answer.at, TOKEN_HOLDS)
                kept = replace(known, token=answer.token, begun=begun, expires=held)
                self.fetcher.keep(self.key, kept.written())
            answer = self._asked({"resumptionToken": answer.token})
            if answer.error:
                raise Unusable(self.url, _said(answer))
        if promised > count and "resumptionToken" not in ask:
            message = f"the list promises {promised:,} records and has {count:,}"
            yield ItemError("gather", self.url, message, warning=True), self.url
        if not self._bounded:
            full = known.full if why else begun
            self.fetcher.noted[self.key] = Known(until=begun, full=full).written()

    def _beginning(self, known: Known) -> tuple[dict[str, str], str, Answer]:
        """How to begin, why that gives a part alone ("" where it doesn't), and the first answer."""
        if known.token and _now(known.begun) and known.expires > _now(known.begun):
            ask = {"resumptionToken": known.token}
            answer = self._asked(ask)
            if not answer.error:
                return ask, f"{self.url}: went on where the last run broke off.", answer
        since = self._since(known) if known.until else ""
        if since:
            ask = self._wanted | {"from": since}
            answer = self._asked(ask)
            if answer.error in ("", "noRecordsMatch"):
                return ask, f"{self.url}: only what changed since {since} was asked for.", answer
        answer = self._asked(self._wanted)
        if answer.error not in ("", "noRecordsMatch"):
            raise Unusable(self.url, _said(answer))
        return self._wanted, "", answer

    def _since(self, known: Known) -> str:
        """The `from` of a request for what changed; "" where the whole list is to come."""
        try:
            repository = self._repository()
        except Unreadable:
            return ""
        if not repository.keeps_deletions and repository.at >= _later(known.full, FULL_EVERY):
            return ""
        return known.until if repository.seconds else known.until[:10]

    def _repository(self) -> Repository:
        address, got = self._fetched("Identify", {})
        return read_repository(Delivered(address, got.body, got.url, got.content_type))

    def _asked(self, ask: dict[str, str]) -> Answer:
        address, got = self._fetched("ListRecords", ask)
        try:
            return read_answer(Delivered(address, got.body, got.url, got.content_type))
        except Unreadable as error:
            raise Unusable(address, str(error)) from error

    def _fetched(self, verb: str, ask: dict[str, str]) -> tuple[str, Response]:
        query = urlencode(self._own | {"verb": verb} | ask)
        address = urlunsplit(self._split._replace(query=query, fragment=""))
        return address, self.fetcher.get(address, accept=_ACCEPT)


def _said(answer: Answer) -> str:
    return f"the repository answers {answer.error}: {answer.message}"


def _now(begun: str) -> str:
    """The present time as repositories write it; "" where `begun` is not so written."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return now if len(begun) == len(now) else ""


def _later(at: str, by: timedelta) -> str:
    """A time as repositories write it, later; "" for none, which is before all."""
    try:
        return (datetime.fromisoformat(at) + by).strftime("%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return ""
