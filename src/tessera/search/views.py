"""The pages of the search: home, Explore, records. Each works without JavaScript."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tessera.engine.audience import Audience
from tessera.engine.query import Query
from tessera.indexing.current import current
from tessera.records.models import Record
from tessera.schema.fields import SCHEMA
from tessera.schema.kinds import KIND_NAMES
from tessera.schema.visibility import is_shown
from tessera.search.asking import audience_of, kept_apart
from tessera.search.explore import explore
from tessera.search.homepage import homepage
from tessera.search.jsonld import jsonld
from tessera.search.labels import kind_words
from tessera.search.links import Link, record_url
from tessera.search.merged import resolved
from tessera.search.params import pairs
from tessera.search.record_page import record_page
from tessera.search.state import split
from tessera.wording.unanswered import is_reader, note


def _fresh(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let browsers keep the page, but ask each time whether it still holds.

    Not one for members: the next to use this browser need not be one.
    """
    if (audience := audience_of(request)) is Audience.MEMBERS:
        patch_vary_headers(response, ["Accept-Language"])
        return kept_apart(response, audience)
    patch_cache_control(response, no_cache=True, private=True)
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    if not response.streaming and response.status_code == 200:
        digest = hashlib.blake2b(response.content, digest_size=12).hexdigest()
        response["ETag"] = f'"{digest}"'
        if request.headers.get("If-None-Match", "").removeprefix("W/") == response["ETag"]:
            kept = {name: response[name] for name in ("ETag", "Cache-Control", "Vary")}
            return HttpResponse(status=304, headers=kept)
    return response


@require_safe
def home_view(request: HttpRequest) -> HttpResponse:
    """What is here, in numbers; what is new; what comes next."""
    lang = getattr(request, "reader_lang", "")
    page = homepage(current(audience_of(request)), lang)
    context = {"page": page, "current": "home"}
    return _fresh(request, render(request, "search/home.html", context))


@require_safe
def explore_view(request: HttpRequest) -> HttpResponse:
    """Explore: one search over all kinds."""
    rest, state, sent = split(pairs(request))
    query, problems = Query.from_params(rest, SCHEMA)
    query, moved = resolved(query)
    if moved or (sent and not problems):
        return HttpResponseRedirect(Link(query, state=state.pairs()).href)
    page = explore(current(audience_of(request)), query, problems, state)
    # Whoever asks whether the page still holds has seen it already.
    seen = "If-None-Match" in request.headers
    if not page.answered and not seen and is_reader(request.headers.get("User-Agent", "")):
        note(query.text)
    context = {"page": page, "current": "explore"}
    return _fresh(request, render(request, "search/explore.html", context))


@require_safe
def record_view(request: HttpRequest, kind: str, uid: str) -> HttpResponse:
    """The page of one record; 410 where its source no longer has it.

    One that isn't for whoever asks is answered like one that never was.
    """
    record = Record.objects.select_related("source", "item").filter(uid=uid).first()
    audience = audience_of(request)
    if record is None or kind not in KIND_NAMES or not is_shown(record.current, audience):
        raise Http404("record")
    lang = getattr(request, "language_asked", "")
    if record.answers_as:
        kept = Record.objects.get(uid=record.answers_as)
        return HttpResponseRedirect(record_url(kept.kind, kept.uid, lang=lang))
    if record.withdrawn_at is not None:
        return gone(request, record)
    if record.kind != kind:
        return HttpResponseRedirect(record_url(record.kind, record.uid, lang=lang))
    page = record_page(record, getattr(request, "reader_lang", ""), audience)
    if page is None:
        raise Http404("record")
    address = request.build_absolute_uri(page.address)
    context = {
        "page": page,
        "address": address,
        "jsonld": jsonld(page, address),
        "today": timezone.localdate(),
        "kind_link": Link(Query(lang=lang).with_filter("kind", kind)),
        "api": reverse("api:record", kwargs={"id": record.uid}),
    }
    response = render(request, "search/record.html", context)
    if not page.searchable:
        response["X-Robots-Tag"] = "noindex"
    return _fresh(request, response)


def gone(request: HttpRequest, record: Record) -> HttpResponse:
    """The page of a withdrawn record. Of what it held, nothing is shown but its kind."""
    withdrawn: datetime | None = record.withdrawn_at
    lang = getattr(request, "language_asked", "")
    context = {
        "kind": record.kind,
        "kind_words": kind_words(record.kind),
        "kind_link": Link(Query(lang=lang).with_filter("kind", record.kind)),
        "uid": record.uid,
        "withdrawn": withdrawn,
        "language": get_language(),
    }
    return render(request, "410.html", context, status=410)
