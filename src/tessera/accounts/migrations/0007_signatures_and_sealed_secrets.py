"""Signatures name accounts by number instead of address; the admin's log becomes the trail; the
secrets of second steps are sealed."""

import json
from typing import Any

from django.db import migrations

SIGNED = [
    ("records", "Lock", "by"),
    ("records", "Merge", "by"),
    ("records", "Merge", "undone_by"),
    ("records", "Candidate", "by"),
    ("accounts", "TakedownRequest", "by"),
    ("wording", "Synonym", "changed_by"),
    ("wording", "StopTerm", "changed_by"),
]
WHAT = {1: "added", 2: "changed", 3: "deleted"}
GONE = "account (erased)"


def sign_by_number(apps: Any, schema_editor: Any) -> None:
    # Of the database that is migrated, which at a restore is not the one in use.
    alias = schema_editor.connection.alias
    users = apps.get_model("accounts", "User").objects.using(alias)
    numbers = {email: f"account {pk}" for pk, email in users.values_list("pk", "email")}
    for app, model, column in SIGNED:
        rows = apps.get_model(app, model).objects.using(alias)
        there = rows.filter(**{f"{column}__contains": "@"}).values_list(column, flat=True)
        for address in set(there.order_by()):
            number = numbers.get(address.lower(), GONE)
            rows.filter(**{column: address}).update(**{column: number})
        rows.filter(**{column: "(erased account)"}).update(**{column: GONE})


def fields_of(message: str) -> list[str]:
    try:
        parts = json.loads(message)
    except ValueError:
        return []
    parts = parts if isinstance(parts, list) else []
    return [
        name
        for part in parts
        if isinstance(part, dict)
        for name in (part.get("changed") or {}).get("fields") or ()
    ]


def log_into_trail(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    acts = apps.get_model("trail", "Act").objects.using(alias)
    entries = apps.get_model("admin", "LogEntry").objects.using(alias)
    for entry in entries.order_by("pk").select_related("content_type").iterator():
        kind = entry.content_type
        model = f"{kind.app_label}.{kind.model}" if kind else ""
        on = "account" if model in ("accounts.user", "auth.user") else model
        acts.create(
            at=entry.action_time,
            by=f"account {entry.user_id}",
            what=WHAT.get(entry.action_flag, "changed"),
            on=f"{on} {entry.object_id or ''}".strip()[:300],
            details={"fields": fields_of(entry.change_message)},
        )
    entries.all().delete()


def seal_secrets(apps: Any, schema_editor: Any) -> None:
    from tessera.accounts.secondstep import seal

    rows = apps.get_model("mfa", "Authenticator").objects.using(schema_editor.connection.alias)
    for row in rows.iterator():
        for name in ("secret", "seed"):
            if name in row.data:
                row.data[name] = seal(row.data[name])
        if "migrated_codes" in row.data:
            row.data["migrated_codes"] = [seal(each) for each in row.data["migrated_codes"]]
        row.save(update_fields=["data"])


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0006_invitations"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("records", "0008_mentions_with_numbers"),
        ("trail", "0001_acts"),
        ("wording", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(sign_by_number, migrations.RunPython.noop),
        migrations.RunPython(log_into_trail, migrations.RunPython.noop),
        migrations.RunPython(seal_secrets, migrations.RunPython.noop),
    ]
