"""What editors and administrators do is in the trail, and stays as it is."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from tessera.accounts.models import User
from tessera.accounts.profiles.erasure import erase
from tessera.accounts.secondstep import seal
from tessera.records.models import Candidate, Lock, Merge, Record
from tessera.trail.admin import Traced
from tessera.trail.models import KEPT_DAYS, Act, What, forget, note
from tessera.trail.signing import signature, told
from tessera.wording.models import StopTerm, Synonym, Unanswered
from tests.integration.accounts.conftest import PASSWORD
from tests.integration.conftest import Deliver

pytestmark = pytest.mark.django_db

ROOT = "root@portal.example"


@pytest.fixture
def root(client: Client) -> User:
    """An administrator; `client` is signed in."""
    user = User.objects.create_superuser(ROOT, PASSWORD)
    client.force_login(user)
    return user


def acts() -> list[tuple[str, str, str]]:
    """From the first to the last."""
    return list(Act.objects.order_by("pk").values_list("what", "by", "on"))


def test_every_page_of_the_admin_is_traced() -> None:
    untraced = [
        model._meta.label
        for model, page in admin.site._registry.items()
        if not isinstance(page, Traced)
    ]
    assert untraced == []


def test_a_correction_and_its_end(client: Client, root: User, deliver: Deliver) -> None:
    deliver([{"id": "t:one", "kind": "project", "title": "Bird routes"}])
    record = Record.objects.get(uid="t:one")
    address = f"/admin/records/record/{record.pk}/change/"
    assert client.post(address, {"corrections": '{"acronym": "BIRD"}'}).status_code == 302
    assert Lock.objects.get().by == signature(root)
    assert ROOT in client.get(address).content.decode()
    assert client.post(address, {"_take_back": "acronym"}).status_code == 302
    me = signature(root)
    assert acts() == [("corrected", me, "t:one"), ("uncorrected", me, "t:one")]
    assert Act.objects.first().details == {"fields": ["acronym"]}  # type: ignore[union-attr]
    history = client.get(f"/admin/records/record/{record.pk}/history/").content.decode()
    assert "Corrected a record" in history and ROOT in history


def test_what_is_done_to_organisations(client: Client, root: User, deliver: Deliver) -> None:
    deliver([{"id": f"x:{n}", "kind": "organisation", "title": f"Town {n}"} for n in range(4)])
    now = timezone.now()
    pairs = [
        Candidate.objects.create(one="x:0", other=f"x:{n}", score=1.0, found_at=now)
        for n in (1, 2, 3)
    ]
    for pair, decision in zip(pairs, ("accept", "reject", "reject"), strict=True):
        client.post(f"/admin/records/candidate/{pair.pk}/change/",
                    {"decision": decision, "why": "so"})  # fmt: skip
    client.post("/admin/records/candidate/",
                {"action": "ask_again", "_selected_action": [pairs[2].pk]})  # fmt: skip
    made = Merge.objects.get()
    assert made.by == signature(root)
    client.post(f"/admin/records/merge/{made.pk}/change/", {"undo": "on", "undone_why": "a slip"})
    assert [what for what, _, _ in acts()] == [
        "merged", "kept_apart", "kept_apart", "asked_again", "undone",
    ]  # fmt: skip
    assert {by for _, by, _ in acts()} == {signature(root)}
    for page in ("merge", "candidate", f"merge/{made.pk}/change", f"merge/{made.pk}/history"):
        assert client.get(f"/admin/records/{page}/").status_code == 200, page
    assert ROOT in client.get("/admin/records/merge/").content.decode()


def test_wording_and_searches(client: Client, root: User) -> None:
    client.post("/admin/wording/stopterm/add/", {"word": "interreg", "active": "on"})
    made = StopTerm.objects.get()
    assert made.changed_by == signature(root)
    change = f"/admin/wording/stopterm/{made.pk}/change/"
    client.post(change, {"word": "programme", "active": "on"})
    ticked = {"_selected_action": [made.pk]}
    client.post("/admin/wording/stopterm/", {"action": "put_out_of_force", **ticked})
    client.post("/admin/wording/stopterm/", {"action": "put_in_force", **ticked})
    client.post(f"/admin/wording/stopterm/{made.pk}/delete/", {"post": "yes"})
    Unanswered.objects.create(text="jane doe", day=timezone.now().date(), times=3)
    client.post("/admin/wording/unanswered/", {"_forget": "jane doe"})
    assert [what for what, _, _ in acts()] == [
        "added", "changed", "out_of_force", "in_force", "deleted", "forgot_search",
    ]  # fmt: skip
    assert "jane" not in json.dumps(list(Act.objects.values_list("details", flat=True)))
    assert not LogEntry.objects.exists()


def test_a_file_of_wording(client: Client, root: User) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("w.csv", b'kind,words\nsynonym,"port, harbour"\n')
    client.post("/admin/wording/synonym/import/", {"file": file})
    assert Synonym.objects.get().changed_by == signature(root)
    act = Act.objects.get()
    assert (act.what, act.by, act.details) == (
        "taken_in", signature(root), {"added": 1, "changed": 0},
    )  # fmt: skip


def test_accounts_are_named_by_number_alone(client: Client, root: User) -> None:
    client.post("/admin/accounts/user/add/",
                {"email": "bo@portal.example", "is_active": "on", "role": "editor"})  # fmt: skip
    bo = User.objects.get(email="bo@portal.example")
    assert (bo.is_staff, bo.is_superuser) == (True, False)
    client.post(f"/admin/accounts/user/{bo.pk}/change/",
                {"email": "bob@portal.example", "is_active": "on", "role": "reader"})  # fmt: skip
    client.post(f"/admin/accounts/user/{bo.pk}/delete/", {"post": "yes"})
    assert not User.objects.filter(pk=bo.pk).exists()
    assert [(what, on) for what, _, on in acts()] == [
        ("role", signature(bo)), ("added", signature(bo)),
        ("role", signature(bo)), ("changed", signature(bo)), ("deleted", signature(bo)),
    ]  # fmt: skip
    assert "@" not in json.dumps(list(Act.objects.values_list("details", "on", "by")))


def test_signing_in_of_those_with_rights(client: Client) -> None:
    root = User.objects.create_superuser(ROOT, PASSWORD)
    User.objects.create_user("bo@portal.example", PASSWORD)
    for address in (ROOT, "bo@portal.example", "nobody@portal.example"):
        client.post("/account/login/", {"login": address, "password": "wrong"})
    assert acts() == [("not_signed_in", "", signature(root))]
    EmailAddress.objects.create(user=root, email=ROOT, verified=True, primary=True)
    client.post("/account/login/", {"login": ROOT, "password": PASSWORD})
    assert acts()[1:] == [("signed_in", signature(root), "")]


def said_by_a_browser(doing: str) -> bytes:
    said = {"type": doing, "challenge": "eHh4", "origin": "http://testserver"}
    return json.dumps(said).encode()


def passkey_of(user: User) -> None:
    """A passkey as it is stored; its other half is thrown away."""
    public = ES256.from_cryptography_key(generate_private_key(SECP256R1()).public_key())
    data = AttestedCredentialData.create(Aaguid.NONE, b"key", public)
    held = AuthenticatorData.create(b"\0" * 32, AuthenticatorData.FLAG.AT, 0, data)
    parts = {
        "clientDataJSON": said_by_a_browser("webauthn.create"),
        "attestationObject": bytes(AttestationObject.create("none", held, {})),
    }
    response = {name: websafe_encode(part) for name, part in parts.items()}
    key = websafe_encode(b"key")
    credential = {"id": key, "rawId": key, "type": "public-key", "response": response}
    stored = {"name": "key", "credential": credential}
    Authenticator.objects.create(user=user, type="webauthn", data=stored)


def wrong_passkey(user: User) -> str:
    """As a browser sends one, without a right signature."""
    parts = {
        "clientDataJSON": said_by_a_browser("webauthn.get"),
        "authenticatorData": b"\0" * 37,
        "signature": b"x",
        "userHandle": user_pk_to_url_str(user).encode(),
    }
    response = {name: websafe_encode(part) for name, part in parts.items()}
    key = websafe_encode(b"key")
    return json.dumps({"id": key, "rawId": key, "type": "public-key", "response": response})


@pytest.mark.parametrize("role", ["administrator", "reader"])
def test_failures_at_a_second_step_of_those_with_rights(client: Client, role: str) -> None:
    user = User.objects.create_user(ROOT, PASSWORD)
    EmailAddress.objects.create(user=user, email=ROOT, verified=True, primary=True)
    Authenticator.objects.create(user=user, type="totp", data={"secret": seal("JBSWY3DPEHPK3PXP")})
    RecoveryCodes.activate(user)
    passkey_of(user)
    if role == "administrator":
        User.objects.update(is_staff=True, is_superuser=True)
    client.post("/account/login/", {"login": ROOT, "password": PASSWORD})
    step, passkey = "/account/2fa/authenticate/", {"credential": wrong_passkey(user)}
    assert client.get(step).status_code == 200
    for sent in ({"code": "000000"}, {"code": "no-recovery-code"}, passkey):
        assert client.post(step, sent).status_code == 200
    client.get("/account/2fa/webauthn/login/", headers={"x-requested-with": "XMLHttpRequest"})
    alone = Client()
    alone.get("/account/2fa/webauthn/login/", headers={"x-requested-with": "XMLHttpRequest"})
    assert alone.post("/account/2fa/webauthn/login/", passkey).status_code == 302
    client.force_login(user)
    for path, sent in (("", {"code": "000000"}), ("webauthn/", passkey)):
        address = f"/account/2fa/{path}reauthenticate/"
        client.get(address)
        client.post(address, sent)
    noted = Act.objects.filter(what=What.NOT_SIGNED_IN).order_by("pk")
    assert {act.on for act in noted} <= {signature(user)} and {act.by for act in noted} <= {""}
    expected: list[dict[str, object]] = [
        {"step": "code"}, {"step": "code"}, {"step": "passkey"}, {"step": "passkey"},
        {"step": "code", "proof": True}, {"step": "passkey", "proof": True},
    ]  # fmt: skip
    assert [act.details for act in noted] == (expected if role == "administrator" else [])


def test_nobody_fills_the_trail_with_passkeys_of_others(client: Client) -> None:
    root = User.objects.create_superuser(ROOT, PASSWORD)
    for _ in range(12):
        client.get("/account/2fa/webauthn/login/", headers={"x-requested-with": "XMLHttpRequest"})
        client.post("/account/2fa/webauthn/login/", {"credential": wrong_passkey(root)})
    assert 1 <= Act.objects.count() <= 5
    EmailAddress.objects.create(user=root, email=ROOT, verified=True, primary=True)
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert other.post("/account/login/", {"login": ROOT, "password": PASSWORD}).status_code == 302


def test_the_trail_only_grows(root: User) -> None:
    made = note(signature(root), What.CHANGED, "t:one")
    made.on = "t:two"
    for forbidden in (
        made.save, made.delete, Act.objects.all().delete, lambda: Act.objects.update(on=""),
        lambda: Act.objects.bulk_update([made], ["on"]),
    ):  # fmt: skip
        with pytest.raises(TypeError):
            forbidden()  # type: ignore[operator]
    assert Act.objects.get().on == "t:one"


def test_age_alone_takes_acts_away(root: User) -> None:
    kept, old = (note(signature(root), What.CHANGED) for _ in range(2))
    Act._base_manager.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=KEPT_DAYS + 1))
    assert forget() == 1
    assert list(Act.objects.all()) == [kept]


def test_the_trail_is_read_as_a_page_and_as_csv(client: Client, root: User) -> None:
    note(signature(root), What.CORRECTED, "=cmd|x", fields=["title"])
    page = client.get("/admin/trail/act/").content.decode()
    assert ROOT in page and "Corrected a record" in page
    assert client.get(f"/admin/trail/act/{Act.objects.get().pk}/change/").status_code == 200
    answer: Any = client.get("/admin/trail/act/acts.csv")
    text = b"".join(answer.streaming_content).decode()
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["what"] for row in rows] == ["corrected", "listed"]
    assert (rows[0]["by"], rows[0]["on"]) == (signature(root), "'=cmd|x")
    assert "@" not in text


def test_nobody_changes_the_trail_in_the_admin(client: Client, root: User) -> None:
    act = note(signature(root), What.CHANGED, "t:one")
    for way in ("add", f"{act.pk}/delete"):
        assert client.post(f"/admin/trail/act/{way}/", {"post": "yes"}).status_code == 403
    client.post(f"/admin/trail/act/{act.pk}/change/", {"on": "x"})
    client.post("/admin/trail/act/", {"action": "delete_selected", "_selected_action": [act.pk],
                                      "post": "yes"})  # fmt: skip
    assert Act.objects.get().on == "t:one"


def test_an_erased_account_leaves_a_number(root: User) -> None:
    by = signature(root)
    note(by, What.CHANGED, "t:one")
    Synonym.objects.create(words="port, harbour", changed_by=by)
    assert told(by) == ROOT
    User.objects.create_superuser("other@portal.example")
    erase(root)
    assert Act.objects.get().by == Synonym.objects.get().changed_by == by
    assert told(by) == f"{by} (erased)"
    assert (told("match"), told("")) == ("match", "")
