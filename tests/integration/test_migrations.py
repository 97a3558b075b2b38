"""Migrations work on the database that is migrated, which at a restore isn't the one in use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.livesite import environment

BEGIN = """
import sys
import django
from django.conf import settings
used = settings.DATABASES["default"]
settings.DATABASES["other"] = used | {"NAME": sys.argv[1]}
# Nothing can be read from it or written to it: there is no such folder.
used["NAME"] = "/nowhere/there/is/none.sqlite3"
django.setup()
from django.db import OperationalError, connections
from django.db.migrations.executor import MigrationExecutor
other = connections["other"]

def to(*targets):
    executor = MigrationExecutor(other)
    nodes = list(targets) or executor.loader.graph.leaf_nodes()
    executor.migrate(nodes)
    return MigrationExecutor(other).loader.project_state(nodes).apps
"""

EMPTY = """
profiles = to().get_model("accounts", "Profile").objects
assert profiles.using("other").update(name="") == 0
try:
    profiles.update(name="")
except OperationalError:
    print("refused")
"""

ROWS = """
def some(apps, app, model):
    return apps.get_model(app, model)._base_manager.using("other")

from django.utils import timezone
now = timezone.now()
apps = to(("accounts", "0001_users_as_they_were"), ("records", "0004_imported_vocabularies"),
          ("contenttypes", "0002_remove_content_type_name"))
ada = some(apps, "accounts", "User").create(username="ada", email="Ada@Portal.example")
source = some(apps, "records", "Source").create(slug="t", name="T", licence="CC0")
data = {"id": "t:1", "kind": "project", "title": {"en": "Ferry"},
        "organisations": [{"name": "Port", "vat": "LT123456715"}]}
project = some(apps, "records", "Record").create(
    uid="t:1", kind="project", source=source, data=data, licence="CC0", title="Ferry", checksum="x",
    first_seen=now, changed_at=now,
)
some(apps, "records", "Link").create(
    record=project, rel="partner", target_uid="org:port",
    data={"name": "Port", "vat": "LT123456715"},
)

apps = to(("accounts", "0006_invitations"), ("admin", "0003_logentry_add_action_flag_choices"),
          ("mfa", "0003_authenticator_type_uniq"), ("records", "0007_faces_that_tell_of_people"),
          ("trail", "0001_acts"), ("wording", "0001_initial"))
assert some(apps, "records", "Record").get(uid="t:1").licence == ""
ada = some(apps, "accounts", "User").get()
assert ada.email == "ada@portal.example"
some(apps, "accounts", "Profile").create(user=ada, name="Ada")
some(apps, "mfa", "Authenticator").create(user=ada, type="totp", data={"secret": "JBSWY3DP"})
some(apps, "wording", "StopTerm").create(word="interreg", changed_by="ada@portal.example")
some(apps, "admin", "LogEntry").create(user=ada, action_flag=2, object_id="1", object_repr="x")

apps = to()
from tessera.accounts.secondstep import unseal
assert some(apps, "accounts", "Profile").get().name == "Ada"
assert unseal(some(apps, "mfa", "Authenticator").get().data["secret"]) == "JBSWY3DP"
assert some(apps, "wording", "StopTerm").get().changed_by == f"account {ada.pk}"
assert some(apps, "trail", "Act").get().by == f"account {ada.pk}"
assert not some(apps, "admin", "LogEntry").exists()
assert some(apps, "records", "Mention").get().said.count("LT123456715") == 1
"""


def run(home: Path, script: str) -> str:
    variables = environment(home, DJANGO_SETTINGS_MODULE="tessera.site.settings")
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + script, str(home / "other.sqlite3")],
        env=variables, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_new_database_is_made_without_the_one_in_use(tmp_path: Path) -> None:
    """What doesn't name the one that is migrated is refused."""
    assert run(tmp_path, EMPTY) == "refused\n"


def test_a_database_with_rows_is_migrated_without_the_one_in_use(tmp_path: Path) -> None:
    run(tmp_path, ROWS)
