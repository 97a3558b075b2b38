from __future__ import annotations

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def own_licences_only(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """The licence of a source was copied to its records, where a later one never reached them."""
    record = apps.get_model("records", "Record")
    # A backup is brought up to date in a database beside the site's own.
    records = record.objects.using(editor.connection.alias)
    records.exclude(data__has_key="licence").update(licence="")


class Migration(migrations.Migration):
    dependencies = [("records", "0004_imported_vocabularies")]

    operations = [
        migrations.CreateModel(
            name="Lock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("field", models.CharField(max_length=60)),
                ("by", models.CharField(blank=True, max_length=150)),
                ("at", models.DateTimeField()),
                ("source_value", models.JSONField(null=True)),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="locks",
                        to="records.record",
                    ),
                ),
            ],
            options={
                "ordering": ("field",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("record", "field"), name="field_locked_once"
                    )
                ],
            },
        ),
        migrations.RunPython(own_licences_only, migrations.RunPython.noop, elidable=True),
    ]
