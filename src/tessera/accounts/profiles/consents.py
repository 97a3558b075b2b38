"""What people can agree to, in the very words that they are shown, by version.

A changed text is a new version: add it, leave the old one, and who agreed to the old one did not
agree to the new one. docs/guide/profiles.md says how long what is logged is kept.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Wording(NamedTuple):
    """The words for one purpose, and which version of them this is."""

    version: int
    label: Promise
    text: Promise


LISTED: Final = "listed"
"""The purpose that publishing a profile serves."""

LISTING: Final = Wording(
    2,
    _("Directory"),
    _("My profile is published in the directory of people of this site. Each field is found and "
      "shown, on pages and as open data, to those whom I chose for it, and whoever sees my profile "
      "sees whether I was here in the present month. I can take this back at any time."),
)  # fmt: skip
"""Given by publishing a profile, and in no other way. (Version 1 was a switch without effect.)"""

LAPSED: Final = Wording(
    1,
    LISTING.label,
    _("My profile was erased, as I did not answer for long whether it is still right."),
)
"""How the log says that publication ended without its owner."""

PURPOSES: Final[dict[str, Wording]] = {
    "search_engines": Wording(
        1,
        _("Search engines"),
        _("Search engines such as Google may find the page of my profile, with the fields that "
          "I let everyone see."),
    ),
    "recommended": Wording(
        1,
        _("Recommendations"),
        _("My profile may be recommended to other members whose profiles go with mine."),
    ),
    "newsletter": Wording(
        1,
        _("Newsletter"),
        _("Those who run this site may send me a newsletter by e-mail."),
    ),
}  # fmt: skip
"""Each is asked for by itself and is off until it is given."""

VISIBILITY: Final = Wording(
    1,
    _("Who may see a field"),
    _("Each field of my profile may be seen by those whom I choose beside it, once I publish it."),
)
"""Under what words a field was shown to more people, or to fewer."""
