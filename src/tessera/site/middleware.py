"""The language of a page, and errors in the site's clothes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import trans_real

from tessera.api.errors import error_response
from tessera.engine.errors import EngineError
from tessera.schema import vocabularies
from tessera.site import errors

Handler = Callable[[HttpRequest], HttpResponse]

log = logging.getLogger("tessera.site")


@cache
def interface_languages() -> tuple[str, ...]:
    """The languages that the site was translated into: English, and each with a catalogue."""
    found = {"en"}
    for folder in settings.LOCALE_PATHS:
        found |= {path.parts[-3] for path in Path(folder).glob("*/LC_MESSAGES/django.mo")}
    configured = [code for code, _ in settings.LANGUAGES]
    return tuple(code for code in configured if code in found) or ("en",)


class LanguageMiddleware:
    """Chooses the language of the interface, and of the texts, without a cookie.

    request.language_asked: the `lang` of the address where it is a language, else empty; links
    keep it. request.reader_lang: in which language to prefer texts: that one, else the first of
    the browser's. The interface has the first of these for which there is a catalogue.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        accepted = _accepted(request)
        asked = _known(request.GET.get("lang", ""))
        request.language_asked = asked  # type: ignore[attr-defined]  # read by views and templates
        request.reader_lang = asked or next(iter(accepted), "")  # type: ignore[attr-defined]
        available = interface_languages()
        wanted = [asked, *accepted, available[0]]
        lang = next(code for code in wanted if code in available)
        with translation.override(lang):
            request.LANGUAGE_CODE = lang
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", lang)
        patch_vary_headers(response, ["Accept-Language"])
        return response


def _known(value: str) -> str:
    code = value.strip().lower().partition("-")[0]
    return code if len(code) <= 3 and vocabularies.language(code) else ""


def _accepted(request: HttpRequest) -> list[str]:
    header = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
    codes = (_known(code) for code, _ in trans_real.parse_accept_lang_header(header))
    return list(dict.fromkeys(code for code in codes if code))


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
        if not isinstance(error, EngineError):
            return None
        log.error("%s: %s", type(error).__name__, error)
        return errors.unavailable(request)
