"""Someone is asked to come: by a link that is good once, for a while, and for a role."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client
from django.utils import timezone

from tessera.accounts.invitations.inviting import A_DAY, KEPT_DAYS, forget
from tessera.accounts.invitations.models import GOOD_DAYS
from tessera.accounts.models import Invitation, User
from tessera.accounts.roles import Role, give, role_of
from tessera.trail.models import Act, What, note
from tessera.trail.signing import signature
from tests.integration.accounts.conftest import ADA
from tests.integration.accounts.mailbox import code

pytestmark = pytest.mark.django_db

LIST = "/admin/accounts/invitation/"


def signed_in(role: Role, address: str) -> tuple[Client, User]:
    user = User.objects.create_user(address)
    give(user, role, by="")
    client = Client()
    client.force_login(user)
    return client, user


@pytest.fixture
def administrator() -> Client:
    return signed_in(Role.ADMINISTRATOR, "root@portal.example")[0]


@pytest.fixture
def editor() -> Client:
    return signed_in(Role.EDITOR, "ed@portal.example")[0]


def invite(client: Client, address: str = ADA, role: str = "reader") -> str:
    """The path of the link that was mailed; empty where none was."""
    before = len(mail.outbox)
    client.post(f"{LIST}add/", {"email": address, "role": role})
    if len(mail.outbox) == before:
        return ""
    said = mail.outbox[-1]
    assert said.to == [address.lower()]
    found = re.search(r"http://testserver(/account/invitation/\S+)", said.body)
    assert found, said.body
    return found[1]


def act_on(client: Client, action: str, *numbers: int) -> str:
    ticked = {"action": action, "_selected_action": numbers or list(
        Invitation.objects.values_list("pk", flat=True))}  # fmt: skip
    return client.post(LIST, ticked, follow=True).content.decode()


def sign_in(address: str = ADA) -> Client:
    client = Client()
    client.post("/account/login/code/", {"email": address})
    client.post("/account/login/code/confirm/", {"code": code()})
    return client


@pytest.mark.parametrize("mode", ["open", "invited", "closed"])
def test_from_the_invitation_to_the_account(
    administrator: Client, settings: Any, mode: str
) -> None:
    settings.SITE = replace(settings.SITE, sign_up=mode)
    link = invite(administrator, "Ada@Portal.Example", "editor")
    assert "root@" not in mail.outbox[-1].body
    stranger = Client()
    page = stranger.get(link)
    assert page.status_code == 200
    assert page["Cache-Control"] == "private, no-store"
    assert ADA in page.content.decode() and "Editor" in page.content.decode()
    assert not User.objects.filter(email=ADA).exists(), "looking accepts nothing"
    done = stranger.post(link)
    assert (done.status_code, done.url) == (302, "/account/login/code/")
    assert stranger.get("/account/").status_code == 302, "the link alone signs nobody in"
    ada = User.objects.get(email=ADA)
    assert role_of(ada) is Role.EDITOR
    assert EmailAddress.objects.get(user=ada).verified
    assert sign_in().get("/admin/").status_code == 200
    told = list(Act.objects.filter(what__in=("invited", "joined")).values_list("what", "by"))
    assert told[0] == ("joined", signature(ada))
    assert "@" not in str(list(Act.objects.values_list("by", "on", "details")))


def test_a_link_is_good_once(administrator: Client) -> None:
    link = invite(administrator)
    assert Client().post(link).status_code == 302
    for answer in (Client().post(link), Client().get(link)):
        assert answer.status_code == 410
        assert "good no more" in answer.content.decode()


def test_a_link_ends(administrator: Client) -> None:
    link = invite(administrator)
    Invitation.objects.update(sent_at=timezone.now() - timedelta(days=GOOD_DAYS, seconds=1))
    assert Client().post(link).status_code == 410
    assert not User.objects.filter(email=ADA).exists()
    assert "too old" in administrator.get(LIST).content.decode()


def test_a_newer_link_replaces_it_and_withdrawing_ends_it(administrator: Client) -> None:
    former = invite(administrator)
    act_on(administrator, "send_ticked_again")
    found = re.search(r"/account/invitation/\S+", mail.outbox[-1].body)
    assert found and found[0] != former
    assert Client().get(former).status_code == 410
    assert Client().get(found[0]).status_code == 200
    act_on(administrator, "withdraw_ticked")
    assert Client().post(found[0]).status_code == 410
    act_on(administrator, "send_ticked_again")
    assert len(mail.outbox) == 2
    assert not User.objects.filter(email=ADA).exists()


@pytest.mark.parametrize("change", [lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"),
                                    lambda t: "x" + t, lambda t: t.replace(":", "."),
                                    lambda t: "e30:1wAbCd:xxxxxxxxxxxxxxxxxxxx"])  # fmt: skip
def test_links_cannot_be_made_up(administrator: Client, change: Any) -> None:
    link = invite(administrator)
    head, token = link.rstrip("/").rsplit("/", 1)
    assert Client().post(f"{head}/{change(token)}/").status_code == 410
    assert not User.objects.filter(email=ADA).exists()


def test_a_link_of_another_purpose_opens_nothing(administrator: Client) -> None:
    from django.core import signing

    invite(administrator)
    forged = signing.dumps([Invitation.objects.get().pk, 1], salt="another")
    assert Client().post(f"/account/invitation/{forged}/").status_code == 410


def test_editors_invite_readers_alone(editor: Client, settings: Any) -> None:
    for role in ("editor", "administrator"):
        assert invite(editor, role=role) == ""
    assert invite(editor) != ""
    settings.SITE = replace(settings.SITE, sign_up="closed")
    assert editor.get(f"{LIST}add/").status_code == 403
    assert invite(editor, "bo@portal.example") == ""
    assert Invitation.objects.count() == 1


def test_editors_see_their_own(administrator: Client, editor: Client) -> None:
    invite(administrator, "secret@portal.example")
    invite(editor)
    listed = editor.get(LIST).content.decode()
    assert ADA in listed and "secret@" not in listed
    other = Invitation.objects.get(email="secret@portal.example")
    assert editor.get(f"{LIST}{other.pk}/change/").status_code == 302
    act_on(editor, "withdraw_ticked", other.pk)
    other.refresh_from_db()
    assert other.withdrawn_at is None
    assert "secret@" in administrator.get(LIST).content.decode()


def test_readers_invite_nobody() -> None:
    client, _ = signed_in(Role.READER, "bo@portal.example")
    assert invite(client) == ""
    assert not Invitation.objects.exists()


def test_who_lost_the_right_has_given_nothing(administrator: Client) -> None:
    boss, user = signed_in(Role.ADMINISTRATOR, "boss@portal.example")
    link = invite(boss, role="administrator")
    give(user, Role.EDITOR, by="")
    assert Client().post(link).status_code == 410
    assert not User.objects.filter(email=ADA).exists()


def test_no_role_is_lowered(administrator: Client) -> None:
    _, ada = signed_in(Role.EDITOR, ADA)
    assert Client().post(invite(administrator)).status_code == 302
    assert role_of(User.objects.get(pk=ada.pk)) is Role.EDITOR


def test_who_has_an_account_is_not_told(editor: Client) -> None:
    said = []
    for address in (ADA, "new@portal.example"):
        if address == ADA:
            User.objects.create_user(ADA)
        link = invite(editor, address)
        page, body = Client().get(link).content.decode(), mail.outbox[-1].body
        token = link.rstrip("/").rsplit("/", 1)[1]
        page = re.sub(r'(csrfmiddlewaretoken" value=")[^"]*', r"\1", page)
        said.append([text.replace(address, "…").replace(token, "…") for text in (page, body)])
    assert said[0] == said[1]


def test_an_account_prepared_by_somebody_else_is_not_opened_to_them(
    administrator: Client, client: Client
) -> None:
    """Whoever signs up with an address that isn't theirs must not share the invited one's."""
    client.post("/account/signup/", {"email": ADA})
    theirs = User.objects.get(email=ADA)
    SocialAccount.objects.create(user=theirs, provider="ministry", uid="eve")
    Client().post(invite(administrator, role="administrator"))
    ada = User.objects.get(email=ADA)
    assert ada.pk != theirs.pk
    assert not SocialAccount.objects.exists()


def test_the_last_administrator_gives_way_to_no_invitation(editor: Client) -> None:
    """Though nobody ever confirmed their address."""
    root = User.objects.create_superuser(ADA)
    EmailAddress.objects.create(user=root, email=ADA, primary=True)
    path = invite(editor)
    assert Client().post(path).status_code == 410
    assert role_of(User.objects.get(pk=root.pk)) is Role.ADMINISTRATOR
    User.objects.create_superuser("other@portal.example")
    assert Client().post(path).status_code == 302
    assert role_of(User.objects.get(email=ADA)) is Role.READER


def test_a_deactivated_account_stays_so(administrator: Client) -> None:
    User.objects.create_user(ADA, is_active=False)
    assert Client().post(invite(administrator)).status_code == 410
    assert not User.objects.get(email=ADA).is_active


def test_the_same_address_is_invited_once(administrator: Client) -> None:
    assert invite(administrator) != ""
    assert invite(administrator, "ADA@portal.example") == ""
    assert Invitation.objects.count() == 1


def test_mails_of_a_day_are_limited(editor: Client) -> None:
    by = signature(User.objects.get(email="ed@portal.example"))
    for _ in range(A_DAY):
        note(by, What.INVITED)
    page = editor.post(f"{LIST}add/", {"email": ADA, "role": "reader"}).content.decode()
    assert "go on tomorrow" in page
    assert mail.outbox == []


def test_mail_that_cannot_be_sent_invites_nobody(administrator: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = administrator.post(f"{LIST}add/", {"email": ADA, "role": "reader"})
    assert answer.status_code == 503
    assert not Invitation.objects.exists()
    assert not Act.objects.filter(what=What.INVITED).exists()


def test_what_is_over_is_forgotten(administrator: Client) -> None:
    for address in ("a@portal.example", "b@portal.example", "c@portal.example"):
        invite(administrator, address)
    long_ago = timezone.now() - timedelta(days=KEPT_DAYS + 1)
    Invitation.objects.filter(email__startswith="a").update(accepted_at=long_ago)
    Invitation.objects.filter(email__startswith="b").update(
        sent_at=long_ago - timedelta(days=GOOD_DAYS)
    )
    assert forget() == 2
    assert Invitation.objects.get().email == "c@portal.example"


def test_signing_up_by_invitation_alone(client: Client, settings: Any) -> None:
    settings.SITE = replace(settings.SITE, sign_up="invited")
    assert "by invitation" in client.get("/account/signup/").content.decode()
    client.post("/account/signup/", {"email": ADA})
    assert not User.objects.exists()
