"""JSON over the same parser and the same index as the pages. Keyless and read-only."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.translation import get_language
from ninja import NinjaAPI

from tessera.api.errors import error_response
from tessera.api.parameters import FACET, search_parameters
from tessera.api.schemas import ErrorAnswer, RecordAnswer, SearchAnswer, SuggestAnswer
from tessera.engine.audience import Audience
from tessera.engine.query import Problem, Query
from tessera.indexing.current import current
from tessera.records.models import Record
from tessera.schema.fields import SCHEMA
from tessera.schema.visibility import is_shown
from tessera.search.answer import answer, record_values
from tessera.search.asking import audience_of, kept_apart
from tessera.search.labels import Labels
from tessera.search.merged import resolved
from tessera.search.names import Names
from tessera.search.page import wanted_facets
from tessera.search.params import pairs
from tessera.search.spelled import spelled_search
from tessera.search.suggest import suggestions

api = NinjaAPI(
    title="Tessera",
    version="1",
    description="Projects, people, events, news, files and organisations across Europe's borders.",
    urls_namespace="api",
    docs_url=None,
    openapi_url="openapi.json",
)

_ERRORS: dict[int, Any] = {400: ErrorAnswer, 500: ErrorAnswer, 503: ErrorAnswer}


def _json(values: object, audience: Audience) -> HttpResponse:
    response = JsonResponse(values, json_dumps_params={"ensure_ascii": False})
    return kept_apart(response, audience)


@api.get(
    "search",
    response={200: SearchAnswer, **_ERRORS},
    url_name="search",
    operation_id="search",
    summary="Search",
    openapi_extra={"parameters": search_parameters()},
)
def search(request: HttpRequest) -> HttpResponse:
    """One page of results, with the exact total, counts per kind, and facets.

    What can't be used of the parameters is left out and named in `problems`, and so is an
    organisation that is shown under another id now.
    """
    params = pairs(request)
    asked = [value.strip() for name, value in params if name == FACET and value.strip()]
    rest = [(name, value) for name, value in params if name != FACET]
    query, problems = Query.from_params(rest, SCHEMA)
    query, moved = resolved(query)
    problems += moved
    known = [name for name in dict.fromkeys(asked) if SCHEMA.facet(name)]
    problems += tuple(
        Problem(FACET, f"{name[:60]!r} is not a facet") for name in asked if name not in known
    )
    names = tuple(known) or wanted_facets(query, SCHEMA)
    audience = audience_of(request)
    index = current(audience)
    result = spelled_search(index, query, facets=tuple(dict.fromkeys(("kind", *names))))
    lang = get_language() or "en"
    labels = Labels(lang, Names(index, query.lang or lang))
    return _json(answer(query, result, labels, problems, facets=names, asked=known), audience)


@api.get(
    "suggest",
    response={200: SuggestAnswer, **_ERRORS},
    url_name="suggest",
    operation_id="suggest",
    summary="Suggest",
    openapi_extra={
        "parameters": [
            {
                "name": "q",
                "in": "query",
                "description": "What has been typed so far; the last word may be unfinished.",
                "schema": {"type": "string"},
                "example": "clu",
            },
            {
                "name": "lang",
                "in": "query",
                "description": "Language of labels and titles, such as en or el.",
                "schema": {"type": "string"},
                "example": "en",
            },
        ]
    },
)
def suggest(request: HttpRequest) -> HttpResponse:
    """Records, organisations and themes whose name goes on from what was typed, at most ten."""
    rest = [(name, value) for name, value in pairs(request) if name in ("q", "lang")]
    query, _problems = Query.from_params(rest, SCHEMA)
    audience = audience_of(request)
    found = suggestions(current(audience), query.text, query.lang)
    return _json({"q": query.text, "suggestions": found}, audience)


@api.get(
    "records/{path:id}",
    response={200: RecordAnswer, 404: ErrorAnswer, 410: ErrorAnswer, **_ERRORS},
    url_name="record",
    operation_id="record",
    summary="One record",
)
def record(request: HttpRequest, id: str) -> HttpResponse:
    """One record as its source has it, with its links both ways and its provenance.

    302 to the record under which it is shown, where both are one organisation; 404 where there
    never was one of this id; 410 where its source no longer has it.
    """
    found = Record.objects.select_related("source", "item").filter(uid=id[:400]).first()
    audience = audience_of(request)
    if found is None or not is_shown(found.current, audience):
        return _no_record(audience)
    if found.answers_as:
        return HttpResponseRedirect(reverse("api:record", kwargs={"id": found.answers_as}))
    if found.withdrawn_at is not None:
        day = found.withdrawn_at.date().isoformat()
        return error_response(410, "withdrawn", f"This record was withdrawn on {day}.")
    values = record_values(found, getattr(request, "reader_lang", ""), audience)
    return _no_record(audience) if values is None else _json(values, audience)


def _no_record(audience: Audience) -> HttpResponse:
    """There is none, or none for them: nobody can tell which."""
    answer = error_response(404, "not_found", "There is no record of this id.")
    return kept_apart(answer, audience)


urls: list[URLPattern | URLResolver] = [path("api/v1/", api.urls)]
