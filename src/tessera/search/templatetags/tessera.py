"""What the templates need beside Django's own: symbols, tiles, addresses that keep the language."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from html import escape

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
from tessera.search.choices import Choice

register = template.Library()


@cache
def _sprite() -> str:
    return static("tessera/icons.svg")


@register.simple_tag
@cache
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
    return mark_safe("".join(rows))  # noqa: S308 - rendered by templates  # nosec B308


@register.simple_tag
def choices(name: str, shown: Iterable[Choice]) -> SafeString:
    """The choices of a filter: in Python, as a page may have some hundred of them."""
    return mark_safe("".join(_row(name, choice) for choice in shown))  # noqa: S308 - see _row  # nosec B308


def _row(name: str, choice: Choice) -> str:
    """One choice; whatever comes from outside goes through `escape`."""
    classes = " selected" if choice.selected else "" if choice.count else " empty"
    if choice.children:
        classes += " branch"
    label, value = escape(choice.label), escape(choice.value)
    if choice.excluded:
        label = f"{label} <em>({escape(_('left out'))})</em>"
    below = f'<ul class="choices">{choices(name, choice.children)}</ul>' if choice.children else ""
    checked = " checked" if choice.selected else ""
    return (
        f'<li class="choice{classes}"><label><input type="checkbox" id="f-{name}-{value}"'
        f' name="{name}" value="{value}" form="search"{checked}><span>{label}</span> '
        f'<span class="count">{choice.number}</span></label>{_unfold(choice)}{below}</li>'
    )


def _unfold(choice: Choice) -> str:
    if choice.unfold is None:
        return ""
    pattern = (
        _("Fold what lies in %(place)s") if choice.unfolded else _("Show what lies in %(place)s")
    )
    said = escape(pattern % {"place": choice.label})
    expanded = "true" if choice.unfolded else "false"
    return (
        f'<a class="unfold" id="u-{escape(choice.value)}" href="{escape(choice.unfold.href)}"'
        f' aria-expanded="{expanded}" title="{said}">'
        f'{icon("minus" if choice.unfolded else "plus")}<span class="vh">{said}</span></a>'
    )
