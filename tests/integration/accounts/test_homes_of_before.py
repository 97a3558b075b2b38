"""A home from before accounts had a model of their own: nobody in it is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.integration.accounts.test_processes import database
from tests.livesite import environment, tessera

__all__ = ["database"]

THEN = """
import sys
import django
from django.conf import settings
from tessera.site.settings import DATABASES, DEFAULT_AUTO_FIELD
settings.configure(
    DATABASES=DATABASES, DEFAULT_AUTO_FIELD=DEFAULT_AUTO_FIELD, USE_TZ=True, SECRET_KEY="x",
    INSTALLED_APPS=["django.contrib.admin", "django.contrib.auth",
                    "django.contrib.contenttypes", "django.contrib.sessions"],
)
django.setup()
from django.contrib.auth.models import Group, User
from django.core.management import call_command
call_command("migrate", verbosity=0)
group = Group.objects.create(name="Ferries")
for name, email in (
    ("ada", "Ada@Portal.Example"), ("bo", "ada@portal.example"),
    ("Cy Ro", ""), ("di@portal.example", ""),
):
    User.objects.create_superuser(name, email, "a lighthouse in the fog").groups.add(group)
"""

NOW = """
import django; django.setup()
from django.contrib.contenttypes.models import ContentType
from tessera.accounts.models import User
for each in User.objects.order_by("pk"):
    print(each.email, each.is_superuser, each.check_password("a lighthouse in the fog"),
          *each.groups.values_list("name", flat=True))
print(*ContentType.objects.filter(model="user").values_list("app_label", flat=True))
print(User.objects.create_user("eve@portal.example").pk)
"""


def test_everyone_keeps_an_account(tmp_path: Path, database: dict[str, str]) -> None:
    variables = environment(tmp_path, **database)

    def run(script: str, **more: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", script],
            env=variables | more, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    run(THEN)
    for _ in range(2):
        done = tessera(tmp_path, "init", **database)
        assert done.returncode == 0, done.stderr
    said = run(NOW, DJANGO_SETTINGS_MODULE="tessera.site.settings")
    assert said == [
        "ada@portal.example True True Ferries",
        "bo-2@users.invalid True True Ferries",
        "cy-ro-3@users.invalid True True Ferries",
        "di@portal.example True True Ferries",
        "accounts",
        "5",
    ]
