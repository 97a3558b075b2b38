"""Inputs that Django has not: texts in order, a list of lines; and what a link has to be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from tessera.sources.formats.text import clean, clean_line
from tessera.sources.hygiene import unspoilt

MAX_LINE = 500
_is_https = URLValidator(schemes=["https"])


def clean_link(line: str) -> str:
    """An address on the web over TLS, without a name and password in it."""
    wrong = ValidationError(
        _("“%(link)s” is no address that begins with https://.") % {"link": line}
    )
    try:
        _is_https(line)
    except ValidationError as error:
        raise wrong from error
    if urlsplit(line).username is not None:
        raise wrong
    return line


class Text(forms.CharField):
    """What somebody writes for others to read, with the hygiene of what is imported.

    It is mended before it is checked, so that what is stored, shown and counted is the same.
    lines: whether it has several.
    """

    def __init__(self, *, lines: bool = False, **named: Any) -> None:
        self.lines = lines
        super().__init__(**named)

    def to_python(self, value: Any) -> str:
        text = unspoilt(super().to_python(value) or "")
        return clean(text) if self.lines else clean_line(text)


class Lines(Text):
    """A list, one entry on a line; without empty ones and ones that are there already."""

    def __init__(
        self, *, most: int, each: Callable[[str], str] | None = None, **named: Any
    ) -> None:
        self.most, self.each = most, each
        named.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(lines=True, required=False, **named)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        lines = [" ".join(line.split()) for line in (super().clean(value) or "").splitlines()]
        kept = list(dict.fromkeys(line for line in lines if line))
        if len(kept) > self.most:
            raise ValidationError(
                _("These are %(found)d; %(most)d are the most.")
                % {"found": len(kept), "most": self.most}
            )
        for line in kept:
            if len(line) > MAX_LINE:
                raise ValidationError(
                    _("“%(begin)s…” has more than %(most)d characters.")
                    % {"begin": line[:40], "most": MAX_LINE}
                )
        return [self.each(line) for line in kept] if self.each else kept
