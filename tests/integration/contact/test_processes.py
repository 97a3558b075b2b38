"""The limits hold for all processes of a site together."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.integration.accounts.test_processes import database
from tests.livesite import environment, tessera

__all__ = ["database"]

BEGIN = "import django; django.setup(); from tessera.accounts.models import User\n"

PEOPLE = (
    BEGIN
    + """
from tessera.accounts.profiles.saving import publish, save_fields
from tessera.contact.people import choose
for name in ("ada", "bo"):
    user = User.objects.create_user(f"{name}@portal.example")
    save_fields(user, {"name": name}, {"name": "everyone"})
    publish(user, {}, {})
    choose(user, True)
"""
)

SEND = (
    BEGIN
    + """
from tessera.contact.writing import Refused, send
ada, bo = User.objects.order_by("email")
for _ in range(3):
    try:
        send(ada, bo, "hello")
    except Refused as refused:
        print(refused.why.value)
    else:
        print("sent")
"""
)


def test_no_more_is_sent_by_three_processes_than_by_one(
    tmp_path: Path, database: dict[str, str]
) -> None:
    variables = environment(tmp_path, DJANGO_SETTINGS_MODULE="tessera.site.settings", **database)
    assert tessera(tmp_path, "init", **database).returncode == 0

    def run(script: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", script], env=variables, stdout=subprocess.PIPE, text=True
        )

    assert run(PEOPLE).wait(60) == 0
    running = [run(SEND) for _ in range(3)]
    said = [line for each in running for line in each.communicate(timeout=120)[0].split()]
    assert sorted(said) == ["sent"] * 2 + ["unanswered"] * 7
