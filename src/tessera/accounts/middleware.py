"""What is kept of pages by browsers and by caches between them and the site."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from tessera.accounts.visitor import is_signed_in

MONTH = "active_month"
"""The key of a session for the month that was noted last."""

OWN = ("/account/", "/admin/")


class PrivacyMiddleware:
    """A page for someone signed in, or on the way there, is kept by nobody.

    Pages for everybody are the same for all who aren't signed in, and say that they depend on
    the cookie, which those don't send.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_signed_in(request):
            _note_month(request)
        response = self.get_response(request)
        if request.path_info.startswith(OWN) or is_signed_in(request):
            response["Cache-Control"] = "private, no-store"
            del response["ETag"]
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Cookie"])
        return response


def _note_month(request: HttpRequest) -> None:
    """Note on their profile in which month somebody was here; once a month for each session."""
    from tessera.accounts.models import Profile
    from tessera.accounts.profiles.publication import this_month

    month = this_month(timezone.now())
    if request.session.get(MONTH) != month.isoformat():
        Profile.objects.filter(user__email=request.user.get_username()).update(active_month=month)
        request.session[MONTH] = month.isoformat()
