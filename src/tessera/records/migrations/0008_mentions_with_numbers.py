from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import Any

from django.db import migrations
from django.utils import timezone

from tessera.records.keeping import checksum_of, written
from tessera.records.links import PARTNER, mention
from tessera.records.organisations import organisation_data


def count_anew(apps: Any, schema_editor: Any) -> None:
    """Mentions state VAT and national numbers; see `tessera.records.links.MENTIONED`."""
    alias = schema_editor.connection.alias
    mentions = apps.get_model("records", "Mention").objects.using(alias)
    mentions.all().delete()
    links = apps.get_model("records", "Link").objects.using(alias)
    rows = links.filter(rel=PARTNER, record__withdrawn_at=None).order_by("target_uid")
    made = []
    for uid, stated in groupby(
        rows.values_list("target_uid", "data").iterator(chunk_size=1000), key=lambda row: row[0]
    ):
        counted = Counter(
            mention(said) for _, data in stated for said in (data, *data.get("more", ()))
        )
        made += [mentions.model(target_uid=uid, said=s, times=n) for s, n in counted.items()]
        wanted = organisation_data(uid, counted.items())
        if wanted.keys() & {"vat", "national_id"}:
            _put(apps, alias, uid, wanted)
        if len(made) >= 1000:
            mentions.bulk_create(made)
            made = []
    mentions.bulk_create(made)


def _put(apps: Any, alias: str, uid: str, data: dict[str, Any]) -> None:
    """Give an organisation that is made of mentions its numbers, and log it."""
    records = apps.get_model("records", "Record").objects.using(alias)
    changes = apps.get_model("records", "Change").objects.using(alias)
    now = timezone.now()
    for record in records.filter(uid=uid, derived=True, withdrawn_at=None).only("pk"):
        records.filter(pk=record.pk).update(
            data=data, checksum=checksum_of(written(data)), changed_at=now
        )
        changes.create(record_id=record.pk, what="changed", at=now)


class Migration(migrations.Migration):
    dependencies = [("records", "0007_faces_that_tell_of_people")]

    operations = [migrations.RunPython(count_anew, migrations.RunPython.noop, elidable=True)]
