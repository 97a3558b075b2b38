"""Error pages in the site's clothes; under /api/, the same as JSON."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from tessera.api.errors import error_response

API = "/api/"
RETRY = 120
"""Seconds after which a client may ask again."""


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith(API)


def _page(request: HttpRequest, template: str, status: int, **context: object) -> HttpResponse:
    typed = request.GET.get("q", "")[:1000]
    html = render_to_string(template, {"typed": typed, **context}, request)
    return HttpResponse(html, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: what was sent can't be read."""
    message = str(exception) if type(exception).__name__ == "SuspiciousOperation" else ""
    if is_api(request):
        return error_response(400, "bad_request", message or "The request can't be read.")
    return _page(request, "400.html", 400, message=message)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: not for this visitor."""
    if is_api(request):
        return error_response(403, "forbidden", "This is not open to you.")
    return _page(request, "403.html", 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form that wasn't sent from this site, or too late."""
    return _page(request, "403.html", 403, form=True)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: there is nothing at this address."""
    if is_api(request):
        return error_response(404, "not_found", "There is nothing at this address.")
    return _page(request, "404.html", 404, record=str(exception) == "record")


def failed(request: HttpRequest) -> HttpResponse:
    """500: our fault."""
    if is_api(request):
        return error_response(500, "failed", "The site failed to answer; it has been logged.")
    try:
        return _page(request, "500.html", 500)
    except Exception:  # noqa: BLE001 - whatever broke may break its page, too; say so plainly
        text = _("The site failed to answer. Please try again in a few minutes.")
        return HttpResponse(text, status=500, content_type="text/plain; charset=utf-8")


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the search engine can't be asked now. Records stay reachable."""
    if is_api(request):
        response: HttpResponse = error_response(
            503, "search_unavailable", "The search index can't be reached now; try again later."
        )
    else:
        response = _page(request, "503.html", 503)
    response["Retry-After"] = str(RETRY)
    response["Cache-Control"] = "no-store"
    return response
