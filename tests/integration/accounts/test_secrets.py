"""What is stored so that nobody who reads the database can use it; homes of before this, too."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters
from cryptography.fernet import InvalidToken
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from tessera.accounts.models import User
from tessera.accounts.secondstep import seal, unseal
from tessera.trail.models import Act
from tessera.trail.signing import signature
from tessera.wording.models import StopTerm, Synonym
from tests.integration.accounts.conftest import ADA

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def stored() -> str:
    """The column as it is in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        return "".join(str(row[0]) for row in cursor.fetchall())


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(counters())))))


def test_secrets_of_second_steps_are_sealed() -> None:
    ada = User.objects.create_user(ADA)
    totp = TOTP.activate(ada, SECRET)
    codes = RecoveryCodes.activate(ada)
    assert SECRET not in stored()
    assert totp.validate_code(code_of(SECRET))
    seed = unseal(codes.instance.data["seed"])
    assert seed not in stored()
    one = codes.get_unused_codes()[0]
    assert codes.validate_code(one)
    assert not codes.validate_code(one)
    assert seal(SECRET) != seal(SECRET)


def test_under_another_key_nothing_fits(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    totp = TOTP.activate(User.objects.create_user(ADA), SECRET)
    sealed = totp.instance.data["secret"]
    settings.SECRET_KEY = "another one, of at least thirty-two characters"
    with pytest.raises(InvalidToken):
        unseal(sealed)
    assert not totp.validate_code(code_of(SECRET))
    assert "another secret key" in caplog.text
    assert get_adapter().decrypt(sealed) != get_adapter().decrypt(sealed)


def test_a_home_of_before_is_brought_in_step() -> None:
    """Addresses out of signatures, Django's log into the trail, secrets sealed."""
    ada = User.objects.create_user(ADA)
    Synonym.objects.create(words="port, harbour", changed_by="Ada@Portal.example")
    StopTerm.objects.create(word="interreg", changed_by="gone@portal.example")
    StopTerm.objects.create(word="projects", changed_by="root (command)")
    for model, key, text in ((Synonym, "1", "port, harbour"), (User, str(ada.pk), ADA)):
        LogEntry.objects.create(
            user=ada, content_type=ContentType.objects.get_for_model(model), object_id=key,
            object_repr=text, action_flag=CHANGE,
            change_message='[{"changed": {"fields": ["Words"]}}]',
        )  # fmt: skip
    Authenticator.objects.create(user=ada, type="totp", data={"secret": SECRET})
    Authenticator.objects.create(
        user=ada, type="recovery_codes", data={"seed": "s", "migrated_codes": ["12", "34"]}
    )
    step: Any = import_module("tessera.accounts.migrations.0007_signatures_and_sealed_secrets")
    for change in (step.sign_by_number, step.log_into_trail, step.seal_secrets):
        change(apps, connection.schema_editor())
    by = signature(ada)
    assert Synonym.objects.get().changed_by == by
    signed = StopTerm.objects.order_by("word").values_list("changed_by", flat=True)
    assert list(signed) == ["account (erased)", "root (command)"]
    acts = list(Act.objects.order_by("pk").values_list("by", "what", "on", "details"))
    assert acts == [
        (by, "changed", "wording.synonym 1", {"fields": ["Words"]}),
        (by, "changed", by, {"fields": ["Words"]}),
    ]
    assert not LogEntry.objects.exists()
    assert SECRET not in stored() and "migrated" in stored()
    assert TOTP(Authenticator.objects.get(type="totp")).validate_code(code_of(SECRET))
    codes = Authenticator.objects.get(type="recovery_codes").data
    assert [unseal(each) for each in codes["migrated_codes"]] == ["12", "34"]
