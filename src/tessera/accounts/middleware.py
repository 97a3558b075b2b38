"""What is kept of pages by browsers and by caches between them and the site."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from tessera.accounts.visitor import is_signed_in

OWN = ("/account/", "/admin/")


class PrivacyMiddleware:
    """A page for someone signed in, or on the way there, is kept by nobody.

    Pages for everybody are the same for all who aren't signed in, and say that they depend on
    the cookie, which those don't send.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith(OWN) or is_signed_in(request):
            response["Cache-Control"] = "private, no-store"
            del response["ETag"]
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Cookie"])
        return response
