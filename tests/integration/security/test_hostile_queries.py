"""Whatever is put into a parameter or a path: an answer, no error, and no query of one's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tessera.engine.query import Query
from tessera.records.models import Record
from tessera.schema.fields import SCHEMA
from tests.integration.endpoints import OF_A_ROW, routes
from tests.integration.security.conftest import Asker

pytestmark = pytest.mark.django_db

MARK = "Zq7xunmistakable"

HOSTILE: list[bytes] = [
    *(text.encode() for text in (
        "'", '"', "''", "';--", "' OR '1'='1", f"' OR 1=1) UNION SELECT '{MARK}' --",
        "'; DROP TABLE records_record; --", "1; SELECT pg_sleep(5)", "1) OR (1=1", "%", "_", "%%%",
        "\\", "\\'",
        "${7*7}", "{{7*7}}", "{% debug %}", "$(id)", "`id`", "| id", "../../etc/passwd",
        "%00", "\r\nSet-Cookie: a=b", "title:*", "*:*", "field:[* TO *]", "a^9999", "a~9999",
        "/a(b/", "(" * 200, '"' * 201, "NOT NOT NOT", "AND OR", "-", "--", "OR OR", "*", "a*" * 50,
        "__class__", "id__in", "\u202e", "\ufdfa" * 50, "\U0001f469\u200d\U0001f52c" * 20, "NaN",
        "-1", "1e309", "9" * 400, "0x41", "[]", "{}", "null", "true", "x" * 3000,
    )),
    b"\x00", b"a\x00b", b"\xff", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80", b"\xe2\x80",
]  # fmt: skip


def parameters() -> list[str]:
    """Every name that a search takes, and those that a page alone takes."""
    facets = [facet.name for facet in SCHEMA.facets]
    own = ["q", "sort", "page", "size", "lang", "spelling", "match", "without", "open", "typed"]
    return [*own, *facets, *(f"-{name}" for name in facets), *(f"find.{name}" for name in facets)]


SHARP = [*HOSTILE[:8], b"\\", b"{{7*7}}", b"*:*", b"9" * 400, b"[]", *HOSTILE[-7:]]
"""Those that are tried on every name there is."""


def addresses() -> Iterator[str]:
    for value in HOSTILE:
        coded = quote_from_bytes(value, safe="")
        yield f"/explore?q={coded}"
        yield f"/explore?{coded}={coded}"
        yield f"/api/v1/search?q={coded}&size=1"
        yield f"/api/v1/suggest?q={coded}"
        yield f"/api/v1/records/{coded}"
        yield f"/project/{coded}"
    for value in SHARP:
        coded = quote_from_bytes(value, safe="")
        for name in parameters():
            yield f"/api/v1/search?{name}={coded}"
        yield "/explore?" + "&".join(f"{name}={coded}" for name in parameters())


def test_the_site_answers(visitor: Asker) -> None:
    there = Record.objects.count()
    wrong = []
    for address in addresses():
        answer = visitor("get", address)
        if answer.status_code not in (200, 301, 302, 400, 404, 422):
            wrong.append((address[:200], answer.status_code))
        if any("\n" in each or "\r" in each for each in answer.headers.values()):
            wrong.append((address[:200], 0))
    assert wrong == []
    assert Record.objects.count() == there


def test_the_admin_answers(administrator: Asker) -> None:
    wrong = []
    for route in routes():
        if not route.startswith("/admin/") or "(?P" in route:
            continue
        for coded in (quote_from_bytes(value, safe="") for value in SHARP):
            if OF_A_ROW.match(route):
                path = route.replace("<path:object_id>", coded)
            elif "<" not in route and "/add/" not in route:
                path = f"{route}?q={coded}&p={coded}&o={coded}&state={coded}&source={coded}"
            else:
                continue
            answer = administrator("get", path)
            if answer.status_code not in (200, 301, 302, 400, 403, 404, 405):
                wrong.append((path[:200], answer.status_code))
    assert wrong == []


def test_what_is_typed_is_never_part_of_a_statement(visitor: Asker) -> None:
    """Values go beside the SQL, whatever they hold."""
    typed = f'{MARK}\' OR "1"="1'
    paths = [f"/explore?{urlencode({name: typed})}" for name in parameters()]
    paths += [f"/project/{typed}", f"/api/v1/records/{typed}"]
    statements: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        for path in paths:
            visitor("get", path)
    assert statements
    assert not [sql for sql in statements if MARK in sql]


def test_a_huge_query_costs_no_more_statements(visitor: Asker) -> None:
    with CaptureQueriesContext(
        connection,
    ) as few:
        visitor("get", "/explore?q=bird")
    with CaptureQueriesContext(connection) as many:
        visitor("get", "/explore?" + "&".join(f"country=X{n}" for n in range(900)))
    assert len(many) <= len(few) + 2


def test_parameters_make_no_query_of_another_kind() -> None:
    """A value that looks like syntax of an engine stays a value."""
    sent = [("country", "LT OR kind:person"), ("kind", "x) OR (y"), ("theme", "a) OR (b")]
    query, problems = Query.from_params(sent, SCHEMA)
    assert {each.parameter for each in problems} == {"country", "kind"}
    assert [each.values for each in query.filters] == [("a) OR (b",)]
