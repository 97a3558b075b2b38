from __future__ import annotations

from typing import Any

from django.db import migrations

from tessera.records.links import face
from tessera.records.models import corrected
from tessera.schema.told import TELLING


def show_more(apps: Any, schema_editor: Any) -> None:
    """Faces hold how a record begins and its date; see `tessera.records.links.face`."""
    records = apps.get_model("records", "Record").objects.using(schema_editor.connection.alias)
    telling = records.filter(kind__in=TELLING)
    batch = []
    for record in telling.only("data", "corrections", "face").iterator(chunk_size=500):
        record.face = face(corrected(record.data, record.corrections))
        batch.append(record)
        if len(batch) == 500:
            records.bulk_update(batch, ["face"])
            batch = []
    records.bulk_update(batch, ["face"])


class Migration(migrations.Migration):
    dependencies = [("records", "0006_index_of_the_withdrawn")]

    operations = [migrations.RunPython(show_more, migrations.RunPython.noop, elidable=True)]
