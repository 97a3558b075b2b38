"""What the templates need beside Django's own: symbols, tiles, addresses that keep the language."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tessera.search import dates
from tessera.search.cards import Card
from tessera.search.facets import Choice

register = template.Library()


@cache
def _sprite() -> str:
    return static("tessera/icons.svg")


@register.simple_tag
def icon(name: str) -> SafeString:
    """A symbol of the sprite; for the eye only, a word stands beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        _sprite(),
        name,
    )


@cache
def _tile(kind: str, small: bool) -> SafeString:
    classes = f"tile k-{kind}{' tile-s' if small else ''}"
    return format_html('<span class="{}">{}</span>', classes, icon(kind))


@register.simple_tag
def tile(kind: str, small: str = "") -> SafeString:
    """The square of a kind in its colour."""
    return _tile(kind, bool(small))


@register.simple_tag(takes_context=True)
def to(context: template.Context, name: str) -> str:
    """The address of a page of the site, in the language asked for in this one's address."""
    request: HttpRequest | None = context.get("request")
    lang = getattr(request, "language_asked", "") if request is not None else ""
    return f"{reverse(name)}?lang={lang}" if lang else reverse(name)


@register.filter
def number(value: int) -> str:
    """A whole number with its digits in groups."""
    return dates.number(int(value))


@register.filter
def day(value: object) -> str:
    """A day as the reader's language writes it."""
    found = dates.read_day(getattr(value, "isoformat", lambda: value)())
    return dates.day(found) if found else ""


@register.simple_tag
def site_name() -> str:
    """What this site is called."""
    site = getattr(settings, "SITE", None)
    return str(getattr(site, "name", "Tessera"))


@register.simple_tag
def cards(shown: Iterable[Card]) -> SafeString:
    """Result rows, each by the template of its kind."""
    lang = get_language()
    rows = (
        get_template(f"search/hits/{card.kind}.html").render({"card": card, "LANGUAGE_CODE": lang})
        for card in shown
    )
    return mark_safe("".join(rows))  # noqa: S308 - rendered by templates


_ROW = (
    '<li class="choice{}"><label><input type="checkbox" id="{}" name="{}" value="{}"'
    ' form="search"{}><span>{}</span> <span class="count">{}</span></label>{}{}</li>'
)


@register.simple_tag
def choices(name: str, shown: Iterable[Choice]) -> SafeString:
    """The choices of a filter. In Python, as a page may have some hundred of them."""
    return mark_safe("".join(_row(name, choice) for choice in shown))  # noqa: S308 - format_html


def _row(name: str, choice: Choice) -> str:
    classes = " selected" if choice.selected else "" if choice.count else " empty"
    label: str = choice.label
    if choice.excluded:
        label = format_html("{} <em>({})</em>", label, _("left out"))
    below: str = ""
    if choice.children:
        below = format_html('<ul class="choices">{}</ul>', choices(name, choice.children))
    return format_html(
        _ROW,
        classes + (" branch" if choice.children else ""),
        f"f-{name}-{choice.value}",
        name,
        choice.value,
        SafeString(" checked") if choice.selected else "",
        label,
        choice.number,
        _unfold(choice),
        below,
    )


def _unfold(choice: Choice) -> SafeString:
    if choice.unfold is None:
        return SafeString("")
    pattern = (
        _("Fold what lies in %(place)s") if choice.unfolded else _("Show what lies in %(place)s")
    )
    return format_html(
        '<a class="unfold" id="u-{}" href="{}" aria-expanded="{}" title="{}">{}'
        '<span class="vh">{}</span></a>',
        choice.value,
        choice.unfold,
        "true" if choice.unfolded else "false",
        pattern % {"place": choice.label},
        icon("minus" if choice.unfolded else "plus"),
        pattern % {"place": choice.label},
    )
