"""Every address of the site, out of Django's resolver, and something real behind each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from tessera.accounts.invitations.inviting import token_of
from tessera.accounts.models import Invitation, TakedownRequest, User
from tessera.accounts.secondstep import seal
from tessera.contact.models import Block, Message, Party, Reason, Report, Thread
from tessera.harvest.models import Run, RunError, WebLink
from tessera.indexing.models import IndexState
from tessera.records.models import Candidate, Concept, Merge, Record, Source, Vocabulary
from tessera.trail.models import What, note
from tessera.wording.models import StopTerm, Synonym, Unanswered
from tests.integration.conftest import Deliver

OF_A_ROW = re.compile(r"^/admin/(\w+)/(\w+)/<path:object_id>/")

RECORDS = [
    {"id": "t:one", "kind": "project", "title": "Bird routes", "url": "https://b.example/",
     "organisations": [{"id": "x:1", "name": "Town", "role": "lead", "country": "AT"}]},
    {"id": "t:someone", "kind": "person", "title": "Contact of birds"},
    {"id": "x:2", "kind": "organisation", "title": "Other town", "countries": ["AT"]},
]  # fmt: skip


def routes(within: URLResolver | None = None, before: str = "/") -> list[str]:
    """Each once, as Django writes it, without the signs of regular expressions at its ends."""
    return list(dict.fromkeys(_routes(within or get_resolver(), before)))


def _routes(within: URLResolver, before: str) -> Iterator[str]:
    for each in within.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route.replace("^", "").removesuffix("$")
        else:
            yield from _routes(each, route)


def furnish(deliver: Deliver, owner: User) -> None:
    """A row of every model that has a page in the admin. owner: whose those are that have one."""
    deliver(RECORDS)
    now = timezone.now()
    source = Source.objects.get(slug="lines")
    RunError.objects.create(run=Run.objects.get(), stage="map", message="wrong")
    WebLink.objects.create(url="https://b.example/", host="b.example", due_at=now)
    IndexState.objects.create(name="other", checksum="x")
    Synonym.objects.create(words="port, harbour")
    StopTerm.objects.create(word="interreg")
    Unanswered.objects.create(text="nothing", day=now.date(), times=9)
    Candidate.objects.create(one="x:1", other="x:2", score=1.0, found_at=now)
    Merge.objects.create(kept="x:1", merged="x:3", by="match", at=now)
    vocabulary = Vocabulary.objects.create(source=source, changed_at=now)
    Concept.objects.create(vocabulary=vocabulary, uri="u", kind="concept", title="t", data={})
    note("", What.CHANGED, "t:one")
    Invitation.objects.create(email="in@portal.example", role="reader", invited_by=owner)
    TakedownRequest.objects.create(uid="t:someone", said="Please", reply_to="to@portal.example")
    Group.objects.create(name="Friends")
    _conversation(owner, now)
    EmailAddress.objects.get_or_create(
        user=owner, email=owner.email, defaults={"verified": True, "primary": True}
    )
    SocialAccount.objects.create(user=owner, provider="ministry", uid="x")
    Authenticator.objects.create(
        user=owner, type="webauthn", data={"name": seal("key"), "credential": {}}
    )
    UserSession.objects.create(user=owner, ip="10.0.0.1", user_agent="x", session_key="k" * 32)


def _conversation(owner: User, now: datetime) -> None:
    """Of somebody else with the owner, who reports a message of it."""
    other = User.objects.create_user("writer@portal.example")
    thread = Thread.objects.create(started_at=now, last_at=now)
    writer = Party.objects.create(thread=thread, user=other, began=True)
    reader = Party.objects.create(thread=thread, user=owner, began=False)
    message = Message.objects.create(thread=thread, author=writer, name="W", text="Buy", at=now)
    Report.objects.create(message=message, by=reader, reason=Reason.UNWANTED)
    Block.objects.create(by=owner, whom=other, name="W")


def path_of(route: str, of: Mapping[type[Model], Any] | None = None) -> str:
    """An address of a route with something behind it. of: rows to be taken before others."""
    given = of or {}
    row = OF_A_ROW.match(route)
    if row:
        model = next(
            each for each in admin.site._registry
            if (each._meta.app_label, each._meta.model_name) == row.groups()
        )  # fmt: skip
        found = given.get(model) or model._base_manager.order_by("-pk").first()
        assert found is not None, f"furnish() makes no {model._meta.label}"
        return route.replace("<path:object_id>", str(found.pk))
    record = Record.objects.get(uid="t:one")
    filled = {
        "<path:content_type_id>/<path:object_id>":
            f"{ContentType.objects.get_for_model(Record).pk}/{record.pk}",
        "<uuid:thread_id>": str(Thread.objects.latest("started_at").pk),
        "blocked/<int:number>": f"blocked/{Block.objects.latest('pk').pk}",
        "report/<int:number>": f"report/{Message.objects.latest('pk').pk}",
        "<int:number>": str(UserSession.objects.latest("pk").pk),
        "<int:pk>/re": f"{Run.objects.latest('pk').pk}/re",
        "<int:pk>/er": f"{Run.objects.latest('pk').pk}/er",
        "keys/<int:pk>": f"keys/{Authenticator.objects.latest('pk').pk}",
        "<slug:provider_id>": "ministry",
        "(?P<provider_id>[^/]+)": "ministry",
        "still-right/<str:token>": "still-right/unknown",
        "<path:uid>": "t:someone",
        "<str:name>": "me.webp",
        "<slug:audience>": "everyone",
        "<slug:slug>": "about",
        "<str:token>": token_of(Invitation.objects.latest("pk")),
        "<path:id>": record.uid,
        "(?P<uid>.+)": record.uid,
        "(?P<url>.*)": "nowhere",
    }  # fmt: skip
    for pattern, value in filled.items():
        route = route.replace(pattern, value)
    return re.sub(r"\(\?P<(?:kind|app_label)>(?:account)?(\w+)[^)]*\)", r"\1", route)
