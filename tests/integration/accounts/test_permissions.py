"""Who may do what, address by address: every route of the site, asked by everyone, both ways.

A route that isn't in one of the two tables fails the test, and so does one that isn't there any
more. docs/guide/roles.md has them in words.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from tessera.accounts.models import User
from tessera.accounts.profiles.erasure import erase
from tessera.accounts.roles import EDITORS_MAY, LastAdministrator, Role, give, role_of
from tessera.indexing.sync import sync
from tessera.trail.models import Act
from tessera.trail.signing import signature
from tests.integration.conftest import Deliver
from tests.integration.endpoints import furnish, path_of, routes
from tests.livesite import ROOT

pytestmark = pytest.mark.django_db

# In each cell, of visitor, member (a reader), editor, administrator, in this order:
#   y  answered, or redirected to what was asked for
#   s  sent to the page to sign in
#   p  asked for a proof of who they are
#   n  refused, or not there for them
#   m  the method isn't possible there

SITE = {
    # route: (GET, POST)
    "/": ("yyyy", "mmmm"),
    "/explore": ("yyyy", "mmmm"),
    "/about": ("yyyy", "mmmm"),
    "/about/ordering": ("yyyy", "mmmm"),
    "/about/accessibility": ("yyyy", "mmmm"),
    "/about/privacy": ("yyyy", "mmmm"),
    "/about/register": ("yyyy", "mmmm"),
    "/about/glossary": ("yyyy", "mmmm"),
    "/about/api": ("yyyy", "mmmm"),
    "/healthz": ("yyyy", "mmmm"),
    "/robots.txt": ("yyyy", "mmmm"),
    "/theme.css": ("yyyy", "mmmm"),
    "/(?P<kind>project|person|event|news|file|organisation|good_practice|call)/(?P<uid>.+)": (
        "yyyy", "mmmm"),
    "/takedown/<path:uid>": ("yyyy", "yyyy"),
    "/api/v1/openapi.json": ("yyyy", "mmmm"),
    "/api/v1/search": ("yyyy", "mmmm"),
    "/api/v1/suggest": ("yyyy", "mmmm"),
    "/api/v1/records/<path:id>": ("yyyy", "mmmm"),
    "/api/v1/": ("nnnn", "mmmm"),
    # Signing in and up. Who is signed in already is sent on.
    "/account/login/": ("yyyy", "yyyy"),
    "/account/login/code/": ("yyyy", "yyyy"),
    "/account/login/code/confirm/": ("syyy", "syyy"),
    "/account/logout/": ("yyyy", "yyyy"),
    "/account/inactive/": ("yyyy", "mmmm"),
    "/account/signup/": ("yyyy", "yyyy"),
    "/account/confirm-email/": ("syyy", "syyy"),
    "/account/password/reset/": ("yyyy", "yyyy"),
    "/account/password/reset/confirm/": ("ssss", "ssss"),
    "/account/password/reset/complete/": ("yyyy", "yyyy"),
    "/account/password/reset/done/": ("yyyy", "mmmm"),
    "/account/2fa/authenticate/": ("syyy", "syyy"),
    "/account/2fa/webauthn/login/": ("syyy", "syyy"),
    "/account/3rdparty/login/cancelled/": ("yyyy", "mmmm"),
    "/account/3rdparty/login/error/": ("nnnn", "mmmm"),
    "/account/3rdparty/signup/": ("ssss", "ssss"),
    "/account/social/login/cancelled/": ("ssss", "ssss"),
    "/account/social/login/error/": ("ssss", "ssss"),
    "/account/social/signup/": ("yyyy", "yyyy"),
    "/account/social/connections/": ("yyyy", "yyyy"),
    "/account/oidc/<slug:provider_id>/login/": ("nnnn", "nnnn"),
    "/account/oidc/(?P<provider_id>[/]+)/login/": ("nnnn", "nnnn"),
    "/account/oidc/(?P<provider_id>[/]+)/login/callback/": ("nnnn", "nnnn"),
    "/account/invitation/<str:token>/": ("yyyy", "ssss"),
    # One's own account.
    "/account/": ("syyy", "smmm"),
    "/account/profile/": ("syyy", "smmm"),
    "/account/profile/photo/<str:name>": ("nnnn", "mmmm"),
    "/account/profile/seen-by/<slug:audience>/": ("syyy", "smmm"),
    "/account/profile/<slug:slug>/": ("syyy", "syyy"),
    "/account/profile/publish/": ("syyy", "syyy"),
    "/account/profile/withdraw/": ("smmm", "syyy"),
    "/account/profile/confirm/": ("smmm", "syyy"),
    "/account/profile/still-right/<str:token>/": ("yyyy", "yyyy"),
    "/account/data/": ("syyy", "smmm"),
    "/account/data/my-data.json": ("syyy", "smmm"),
    "/account/erase/": ("sppp", "sppp"),
    "/account/email/": ("syyy", "syyy"),
    "/account/reauthenticate/": ("sppp", "sppp"),
    "/account/reauthenticate/code/": ("syyy", "syyy"),
    "/account/password/change/": ("syyy", "syyy"),
    "/account/password/set/": ("sppp", "sppp"),
    "/account/3rdparty/": ("syyy", "syyy"),
    "/account/sessions/": ("syyy", "syyy"),
    "/account/sessions/<int:number>/end/": ("smmm", "snnn"),
    "/account/2fa/": ("syyy", "smmm"),
    "/account/2fa/reauthenticate/": ("sppp", "sppp"),
    "/account/2fa/totp/activate/": ("sppp", "sppp"),
    "/account/2fa/totp/deactivate/": ("snnn", "snnn"),
    "/account/2fa/recovery-codes/": ("snnn", "smmm"),
    "/account/2fa/recovery-codes/generate/": ("sppp", "sppp"),
    "/account/2fa/recovery-codes/download/": ("snnn", "snnn"),
    "/account/2fa/webauthn/": ("syyy", "smmm"),
    "/account/2fa/webauthn/add/": ("sppp", "sppp"),
    "/account/2fa/webauthn/reauthenticate/": ("sppp", "sppp"),
    "/account/2fa/webauthn/keys/<int:pk>/remove/": ("sppp", "sppp"),
    "/account/2fa/webauthn/keys/<int:pk>/edit/": ("sppp", "sppp"),
    # Messages: of conversations of others there are none.
    "/account/messages/": ("syyy", "smmm"),
    "/account/messages/choice/": ("smmm", "syyy"),
    "/account/messages/to/<path:uid>/": ("snnn", "snnn"),
    "/account/messages/blocked/<int:number>/end/": ("smmm", "snnn"),
    "/account/messages/<uuid:thread_id>/": ("snnn", "snnn"),
    "/account/messages/<uuid:thread_id>/address/": ("smmm", "snnn"),
    "/account/messages/<uuid:thread_id>/block/": ("smmm", "snnn"),
    "/account/messages/<uuid:thread_id>/delete/": ("snnn", "snnn"),
    "/account/messages/<uuid:thread_id>/report/<int:number>/": ("snnn", "snnn"),
    # For editors and administrators, beside the pages of models.
    "/admin/": ("ssyy", "ssyy"),
    "/admin/login/": ("snyy", "snyy"),
    "/admin/logout/": ("yymm", "yyyy"),
    "/admin/password_change/": ("ssyy", "ssyy"),
    "/admin/password_change/done/": ("ssyy", "ssmm"),
    "/admin/autocomplete/": ("ssnn", "ssmm"),
    "/admin/jsi18n/": ("ssyy", "ssmm"),
    "/admin/r/<path:content_type_id>/<path:object_id>/": ("ssnn", "ssnn"),
    "/admin/(?P<url>.*)": ("ssnn", "ssnn"),
    "/admin/whereabouts/": ("ssyy", "ssmm"),
    "/admin/harvest/run/<int:pk>/report.json": ("ssyy", "ssyy"),
    "/admin/harvest/run/<int:pk>/errors.csv": ("ssyy", "ssyy"),
    "/admin/wording/synonym/export.csv": ("ssyy", "ssyy"),
    "/admin/wording/synonym/import/": ("ssyy", "ssyy"),
    "/admin/trail/act/acts.csv": ("ssny", "ssny"),
}  # fmt: skip

ROWS = {
    # model: what editors, and administrators, may do with a row of somebody else's making:
    # l list, a add, v view, c change, d delete
    "records.record": ("lvc", "lvc"),
    "records.candidate": ("lvc", "lvc"),
    "records.merge": ("lvc", "lvc"),
    "records.source": ("lv", "lvc"),
    "records.sourcerecord": ("lv", "lv"),
    "records.change": ("lv", "lv"),
    "records.link": ("lv", "lv"),
    "records.vocabulary": ("lv", "lv"),
    "records.concept": ("lv", "lv"),
    "harvest.run": ("lv", "lv"),
    "harvest.runerror": ("lv", "lv"),
    "harvest.weblink": ("lv", "lv"),
    "indexing.indexstate": ("lv", "lv"),
    "wording.synonym": ("lavcd", "lavcd"),
    "wording.stopterm": ("lavcd", "lavcd"),
    "wording.unanswered": ("lvc", "lvc"),  # a page of the list; single ones lead to it
    "accounts.invitation": ("la", "lav"),
    "accounts.takedownrequest": ("lvc", "lvcd"),
    "contact.report": ("lvc", "lvc"),
    "accounts.user": ("", "lavcd"),
    "account.emailaddress": ("", "lavcd"),
    "mfa.authenticator": ("", "lvcd"),
    "socialaccount.socialaccount": ("", "lvcd"),
    "usersessions.usersession": ("", "lvcd"),
    "auth.group": ("", "lavcd"),
    "trail.act": ("", "lv"),
}


def cells(editor: bool, administrator: bool) -> str:
    return "ss" + ("y" if editor else "n") + ("y" if administrator else "n")


def expected() -> dict[str, tuple[str, str]]:
    """Both tables as one, by route."""
    table = dict(SITE)
    apps = "|".join(dict.fromkeys(model._meta.app_label for model in admin.site._registry))
    table[f"/admin/(?P<app_label>{apps})/"] = ("ssny", "ssny")
    for model, (editors, administrators) in ROWS.items():
        head = f"/admin/{model.replace('.', '/')}/"
        for route, get, post in (
            (head, "l", "l"), (f"{head}add/", "a", "a"),
            (f"{head}<path:object_id>/history/", "v", "v"),
            (f"{head}<path:object_id>/delete/", "d", "d"),
            (f"{head}<path:object_id>/change/", "v", "c"),
        ):  # fmt: skip
            table[route] = (
                cells(get in editors, get in administrators),
                cells(post in editors, post in administrators),
            )
        # Leads to the page on which it is changed, whether that opens or not.
        table[f"{head}<path:object_id>/"] = ("ssyy", "ssyy")
    return table


def cell(path: str, answer: Any) -> str:
    """The letter of an answer; the status itself where there is none for it."""
    to = answer.get("Location", "").partition("?")[0]
    match answer.status_code:
        case 301 | 302 if "reauthenticate" in to:
            return "p"
        case 301 | 302 if "/login/" in to:
            return "s"
        case 302 if to == "/admin/" and path.endswith("/change/"):
            return "n"  # so the admin says that there is no such row
        case 200 | 204 | 301 | 302:
            return "y"
        case 401 | 403 | 404 | 410:
            return "n"
        case 405:
            return "m"
    return f"<{answer.status_code}>"


@pytest.fixture
def people(deliver: Deliver, memory_index: None) -> Iterator[list[Client]]:
    """Visitor, member, editor, administrator; nothing that there is belongs to any of them."""
    owner = User.objects.create_superuser("owner@portal.example")
    furnish(deliver, owner)
    sync()
    clients = [Client(raise_request_exception=False) for _ in range(4)]
    for client, role in zip(clients[1:], Role, strict=True):
        user = User.objects.create_user(f"{role.value}@portal.example")
        give(user, role, by="")
        client.force_login(user)
    yield clients


def asked(client: Client, method: str, path: str) -> str:
    """The answer to one request, of which nothing is left."""
    cache.clear()
    again = Client(raise_request_exception=False)
    again.cookies = deepcopy(client.cookies)
    before = transaction.savepoint()
    try:
        return cell(path, getattr(again, method)(path))
    finally:
        transaction.savepoint_rollback(before)


def test_every_route_is_in_the_matrix() -> None:
    assert set(routes()) == set(expected())


def test_the_matrix_holds(people: list[Client]) -> None:
    wrong = []
    for route, wanted in expected().items():
        path = path_of(route)
        found = tuple(
            "".join(asked(client, method, path) for client in people) for method in ("get", "post")
        )
        if found != wanted:
            wrong.append((path, "expected", wanted, "found", found))
    assert wrong == []


def test_editors_rights_are_rights_that_there_are(db: None) -> None:
    known = {
        f"{each.content_type.app_label}.{each.codename}"
        for each in Permission.objects.select_related("content_type")
    }
    assert known >= EDITORS_MAY


@pytest.mark.parametrize("active", [True, False])
def test_a_role_is_its_rights(db: None, active: bool) -> None:
    user = User.objects.create_user("ed@portal.example", is_active=active)
    assert user.get_all_permissions() == set()
    give(user, Role.EDITOR, by="")
    again = User.objects.get(pk=user.pk)
    assert again.get_all_permissions() == (set(EDITORS_MAY) if active else set())
    assert again.has_module_perms("wording") is active
    assert not again.has_module_perms("auth")
    assert not again.has_perm("accounts.change_user")


def test_becoming_a_reader_takes_every_right(db: None) -> None:
    user = User.objects.create_user("ed@portal.example")
    give(user, Role.EDITOR, by="")
    user.user_permissions.add(Permission.objects.get(codename="delete_record"))
    give(user, Role.READER, by="")
    again = User.objects.get(pk=user.pk)
    assert (role_of(again), again.get_all_permissions()) == (Role.READER, set())


def test_the_last_administrator_stays(client: Client) -> None:
    root = User.objects.create_superuser("root@portal.example")
    client.force_login(root)
    with pytest.raises(LastAdministrator):
        give(root, Role.READER, by=signature(root))
    address = f"/admin/accounts/user/{root.pk}/"
    for sent in (
        {"role": "reader", "is_active": "on"},
        {"role": "administrator"},
    ):
        page = client.post(f"{address}change/", {"email": root.email, **sent})
        assert "last administrator" in page.content.decode()
    client.post(f"{address}change/", {"email": root.email, "role": "administrator"})
    ticked = {"action": "delete_selected", "_selected_action": [root.pk, *_readers(2)]}
    for path, sent in ((f"{address}delete/", {}), ("/admin/accounts/user/", ticked)):
        page = client.post(path, sent | {"post": "yes"}, follow=True).content.decode()
        assert "last administrator" in page and "tessera init --admin" in page
        assert "uccessfully deleted" not in page
    assert User.objects.count() == 3
    assert not Act.objects.exists()
    with pytest.raises(LastAdministrator):
        erase(root)
    assert role_of(User.objects.get(pk=root.pk)) is Role.ADMINISTRATOR
    other = User.objects.create_superuser("other@portal.example")
    client.post(f"{address}change/", {"email": root.email, "role": "reader", "is_active": "on"})
    assert role_of(User.objects.get(pk=root.pk)) is Role.READER
    assert role_of(other) is Role.ADMINISTRATOR


def test_who_was_locked_out_is_no_other_administrator(client: Client) -> None:
    root = User.objects.create_superuser("root@portal.example")
    locked = User.objects.create_superuser("locked@portal.example", is_active=False)
    with pytest.raises(LastAdministrator):
        give(root, Role.EDITOR, by="")
    erase(locked)
    assert role_of(User.objects.get()) is Role.ADMINISTRATOR


def _readers(many: int) -> list[int]:
    return [User.objects.create_user(f"r{n}@portal.example").pk for n in range(many)]


def test_further_rights_open_no_account_to_an_editor(client: Client) -> None:
    """Whoever could change accounts could make themselves an administrator."""
    user = User.objects.create_user("ed@portal.example")
    give(user, Role.EDITOR, by="")
    user.user_permissions.set(Permission.objects.all())
    client.force_login(user)
    for model in ("accounts/user", "auth/group", "account/emailaddress", "mfa/authenticator",
                  "trail/act"):  # fmt: skip
        assert client.get(f"/admin/{model}/").status_code == 403, model
    sent = {"email": user.email, "is_active": "on", "role": "administrator"}
    assert client.post(f"/admin/accounts/user/{user.pk}/change/", sent).status_code == 403
    assert role_of(User.objects.get(pk=user.pk)) is Role.EDITOR


def test_the_page_on_roles_has_every_model() -> None:
    page = (Path(ROOT) / "docs/guide/roles.md").read_text(encoding="utf-8")
    words = {"l": "list", "a": "add", "v": "view", "c": "change", "d": "delete"}
    for model, rights in ROWS.items():
        said = [", ".join(words[each] for each in of) or "–" for of in rights]
        assert f"| `{model}` | {said[0]} | {said[1]} |" in page, model
