"""Whether a request comes from someone signed in, found out without touching other sessions."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def is_signed_in(request: HttpRequest) -> bool:
    """Whoever sends no session cookie isn't; for them, no session is looked up or varied by."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated
