"""The language of a page, and errors in the site's clothes."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from tessera.api.errors import error_response
from tessera.engine.errors import EngineError
from tessera.search.languages import accepted_languages, interface_language, known_language
from tessera.site import errors

Handler = Callable[[HttpRequest], HttpResponse]

log = logging.getLogger("tessera.site")


class LanguageMiddleware:
    """Chooses the language of the interface, and of the texts, without a cookie.

    request.language_asked: the `lang` of the address where it is a language, else empty; links
    keep it. request.reader_lang: in which language to prefer texts: that one, else the first of
    the browser's. The interface has the first of these for which there is a catalogue.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        accepted = accepted_languages(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
        asked = known_language(request.GET.get("lang", ""))
        request.language_asked = asked  # type: ignore[attr-defined]  # read by views and templates
        request.reader_lang = asked or next(iter(accepted), "")  # type: ignore[attr-defined]
        lang = interface_language(asked, *accepted)
        with translation.override(lang):
            request.LANGUAGE_CODE = lang
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", lang)
        patch_vary_headers(response, ["Accept-Language"])
        return response


class ApiMiddleware:
    """What every address under /api/ has in common: HEAD, OPTIONS, 405 as JSON, open to all."""

    METHODS = "GET, HEAD, OPTIONS"

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not errors.is_api(request):
            return self.get_response(request)
        method = request.method
        if method == "OPTIONS":
            response = HttpResponse(status=204)
            response["Access-Control-Allow-Methods"] = self.METHODS
        elif method not in ("GET", "HEAD"):
            message = f"{method} is not possible here; this API is for reading."
            response = error_response(405, "method_not_allowed", message)
        else:
            request.method = "GET"
            response = self.get_response(request)
            request.method = method
        if method not in ("GET", "HEAD"):
            response["Allow"] = self.METHODS
        response["Access-Control-Allow-Origin"] = "*"
        response.headers.setdefault("Cache-Control", "no-cache")
        return response


class ErrorMiddleware:
    """Turns the engine's errors into a page, or into JSON under /api/, with the right status."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, OverflowError | DataError) and request.method in ("GET", "HEAD"):
            # The admin hands numbers and texts of an address on that no column can hold.
            return errors.bad_request(request, error)
        if not isinstance(error, EngineError):
            return None
        log.error("%s: %s", type(error).__name__, error)
        return errors.unavailable(request)
