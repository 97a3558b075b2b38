"""The way to a message from a person's page, and how many conversations have something new."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest

from tessera.accounts.models import User
from tessera.accounts.profiles.publication import account_behind
from tessera.accounts.visitor import is_signed_in
from tessera.contact import people
from tessera.contact.inbox import with_news

register = template.Library()


@register.inclusion_tag("contact/link.html", takes_context=True)
def write_link(context: template.Context, uid: str) -> dict[str, Any]:
    """A link, where the record is somebody's own profile and they may be written to."""
    request: HttpRequest = context["request"]
    other = account_behind(uid)
    if other is None or not people.agrees(other):
        return {"uid": ""}
    mine = is_signed_in(request) and request.user.pk == other.pk
    return {"uid": "" if mine else uid, "signed_in": is_signed_in(request)}


@register.inclusion_tag("contact/asked.html", takes_context=True)
def may_be_written_to(context: template.Context) -> dict[str, Any]:
    """What somebody chose, for their own pages, and where to choose."""
    return {"agrees": people.agrees(context["request"].user)}


@register.simple_tag(takes_context=True)
def unread(context: template.Context) -> int:
    """How many of one's conversations have something new."""
    request: HttpRequest = context["request"]
    if not isinstance(request.user, User):
        return 0
    return with_news(request.user).count()
