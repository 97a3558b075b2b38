"""Markup in every text of every row: nothing of it is markup on any page, for editors either."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.db import models

from tessera.accounts.models import Profile, User
from tessera.schema.kinds import KIND_NAMES
from tests.integration.conftest import Deliver
from tests.integration.endpoints import path_of, routes
from tests.integration.security.conftest import Asker, signed_in
from tests.integration.test_hostile_texts import EVIL, Found, hostile

pytestmark = pytest.mark.django_db

MACHINERY = {"password", "session_key", "slug", "address", "answers_as", "type", "importer", "kind",
             "email", "provider", "role"}  # fmt: skip
"""Texts that nobody outside writes, and by which rows are found."""


def poison(*tables: type[models.Model]) -> int:
    """Put EVIL into every text column; how many columns."""
    many = 0
    for table in tables:
        known_by = {
            name
            for each in table._meta.constraints
            if isinstance(each, models.UniqueConstraint)
            for name in each.fields
        }
        for column in table._meta.concrete_fields:
            text = isinstance(column, models.CharField | models.TextField)
            free = not (column.unique or column.choices or column.name in MACHINERY | known_by)
            if text and free:
                size = column.max_length or len(EVIL)
                models.QuerySet(table).update(**{column.name: EVIL[:size]})
                many += 1
    return many


def wrong_on(asker: Asker, paths: list[str]) -> list[tuple[str, object]]:
    wrong: list[tuple[str, object]] = []
    for path in paths:
        answer = asker("get", path)
        if answer.status_code >= 500:
            wrong.append((path, answer.status_code))
        if answer.streaming or not answer.get("Content-Type", "").startswith("text/html"):
            continue
        page = answer.content.decode()
        found = Found(data=True)
        found.feed(page)
        if found.bad or "<script>alert" in page or "<img src=x" in page or "<svg/onload" in page:
            wrong.append((path, found.bad))
    return wrong


def test_no_page_of_the_site_or_the_admin(
    administrator: Asker, furnished: User, deliver: Deliver
) -> None:
    paths = [path_of(route) for route in routes() if "/account/" not in route]
    tables = [table for table in admin.site._registry if table._meta.app_label != "auth"]
    assert poison(*tables) > 45
    assert wrong_on(administrator, paths) == []


def test_every_kind_of_record_in_the_admin(administrator: Asker, deliver: Deliver) -> None:
    from tessera.records.models import Record

    report = deliver([hostile(kind) for kind in KIND_NAMES], source="evil")
    assert report.errors == []
    paths = ["/admin/records/record/", "/admin/records/link/", "/admin/records/change/",
             "/admin/records/sourcerecord/", "/admin/whereabouts/?q=x:project",
             "/admin/whereabouts/?q=<script>alert(1)</script>"]  # fmt: skip
    for record in Record.objects.filter(uid__startswith="x:"):
        paths.append(f"/admin/records/record/{record.pk}/change/")
        paths.append(f"/admin/records/record/{record.pk}/history/")
        if record.item_id:
            paths.append(f"/admin/records/sourcerecord/{record.item_id}/change/")
    assert wrong_on(administrator, paths) == []


def test_no_page_of_a_profile(furnished: User) -> None:
    """As stored, whatever a form would have refused."""
    ada = User.objects.create_user("ada@portal.example")
    asker = signed_in(ada)
    lists = ("seeks_calls", "seeks_themes", "languages", "links")
    Profile.objects.create(
        user=ada, visibility={"name": "everyone", "texts": "everyone", "links": "everyone"},
        texts={"en": EVIL, EVIL[:20]: EVIL}, **{name: [EVIL] for name in lists},
    )  # fmt: skip
    assert poison(Profile) > 5
    Profile.objects.update(photo="")
    paths = ["/account/", "/account/data/", "/account/profile/",
             *(f"/account/profile/seen-by/{each}/" for each in ("members", "everyone")),
             *(f"/account/profile/{each}/" for each in (
                 "about", "organisation", "interests", "offer", "text", "purposes",
                 "photo"))]  # fmt: skip
    for path in paths:
        assert asker("get", path).status_code == 200, path
    assert wrong_on(asker, paths) == []


def test_what_is_asked_for_comes_back_as_text(visitor: Asker) -> None:
    """Reflected: in every parameter of the search, the path, and forms that are shown again."""
    from urllib.parse import quote, urlencode

    from tests.integration.security.test_hostile_queries import parameters

    paths = [f"/explore?{urlencode({name: EVIL})}" for name in parameters()]
    paths += [f"/{quote(EVIL)}", f"/project/{quote(EVIL)}", f"/?{urlencode({'lang': EVIL})}",
              f"/account/login/?{urlencode({'next': EVIL})}",
              f"/account/invitation/{quote(EVIL, safe='')}/"]  # fmt: skip
    assert wrong_on(visitor, paths) == []
    for path in ("/account/login/", "/account/signup/", "/account/login/code/",
                 "/account/password/reset/"):  # fmt: skip
        sent = {"email": EVIL, "login": EVIL, "password": EVIL, "next": EVIL}
        page = visitor("post", path, sent).content.decode()
        found = Found(data=True)
        found.feed(page)
        assert found.bad == [] and "<script>alert" not in page, path
