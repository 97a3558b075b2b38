"""Whose request it is: the one place where that is decided, from the session alone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers

from tessera.accounts.visitor import is_signed_in
from tessera.engine.audience import Audience


def audience_of(request: HttpRequest) -> Audience:
    """Members who have signed in; everyone else is everyone, whatever they send."""
    return Audience.MEMBERS if is_signed_in(request) else Audience.EVERYONE


def kept_apart(response: HttpResponse, audience: Audience) -> HttpResponse:
    """Let no cache give an answer for members to anybody, nor keep it."""
    patch_vary_headers(response, ["Cookie"])
    if audience is Audience.MEMBERS:
        response.headers.pop("Cache-Control", None)
        response.headers.pop("ETag", None)
        patch_cache_control(response, private=True, no_store=True)
    return response
