from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0005_locks_and_terms")]

    operations = [
        migrations.AlterField(
            model_name="record",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(
                fields=("withdrawn_at",),
                condition=models.Q(withdrawn_at__isnull=False),
                name="records_withdrawn",
            ),
        ),
    ]
