"""Accounts are named by their e-mail address; the user names of before go."""

from typing import Any

from django.db import migrations


def name_by_address(apps: Any, schema_editor: Any) -> None:
    """Give everyone an address of their own, in lower case.

    Who has none, or shares one, gets NAME@users.invalid: with the old password that signs in, and
    an administrator can set a real one.
    """
    users = apps.get_model("accounts", "User").objects.using(schema_editor.connection.alias)
    taken = set()
    for user in users.order_by("pk"):
        address = user.email.strip().lower()
        if not address and "@" in user.username:
            address = user.username.lower()
        if not address or address in taken:
            kept = "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in user.username)
            address = f"{kept.lower()}-{user.pk}@users.invalid"
        taken.add(address)
        users.filter(pk=user.pk).update(email=address)


def move_content_type(apps: Any, schema_editor: Any) -> None:
    """What was said of auth.User holds of the model that took its place."""
    types = apps.get_model("contenttypes", "ContentType").objects.using(
        schema_editor.connection.alias
    )
    if not types.filter(app_label="accounts", model="user").exists():
        types.filter(app_label="auth", model="user").update(app_label="accounts")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_users_as_they_were"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(name_by_address, migrations.RunPython.noop),
        migrations.RunPython(move_content_type, migrations.RunPython.noop),
    ]
