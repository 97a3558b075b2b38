"""Why something could not be fetched. Each message is a sentence's end, after the address."""

from __future__ import annotations

from typing import Literal

Reason = Literal["", "name", "tls", "time", "redirects"]
"""What failed, where that can be told: the name has no address, the certificate or what else
belongs to an encrypted connection, no answer in time, too many redirects or a circle of them."""


class FetchError(Exception):
    """Nothing came of a request. str() is a sentence: the address, what happened, what to do."""

    def __init__(self, url: str, message: str, reason: Reason = "") -> None:
        super().__init__(f"{url}: {message}")
        self.url = url
        self.message = message
        self.reason: Reason = reason


class AddressRefused(FetchError):
    """An address that is not asked: of another scheme, or of a private network."""


class RobotsRefused(FetchError):
    """The site's robots.txt does not want this fetched."""


class HttpError(FetchError):
    """The site answered with an error. status: such as 404."""

    def __init__(self, url: str, status: int, message: str) -> None:
        super().__init__(url, message)
        self.status = status

    @property
    def gone(self) -> bool:
        """Whether the site says that there is nothing (any more) at the address."""
        return self.status in (404, 410)


class LimitExceeded(FetchError):
    """One answer is larger or slower than allowed, or is sent on too often."""


class BudgetSpent(LimitExceeded):
    """A whole run has used up what it may take of requests, bytes or time."""


class Unreachable(FetchError):
    """No name, no connection, or one that broke."""


class Unusable(FetchError):
    """An answer came, and is not what was expected."""
