"""Profiles can be published.

Whoever had switched on "Directory" agreed to other words than those under which a profile is
published now, and nothing followed from it: so that switch goes, and nobody's is published by this.
The log of consent keeps what was said.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_profiles_and_consents")]

    operations = [
        migrations.RemoveField(model_name="profile", name="listed"),
        migrations.AddField(
            model_name="profile",
            name="uid",
            field=models.CharField(blank=True, default="", editable=False, max_length=60),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.UniqueConstraint(
                condition=~models.Q(uid=""), fields=("uid",), name="profile_uid_once"
            ),
        ),
        migrations.AddField(
            model_name="profile",
            name="published",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="profile",
            name="active_month",
            field=models.DateField(null=True),
        ),
        *(
            migrations.AddField(
                model_name="profile", name=name, field=models.DateTimeField(null=True)
            )
            for name in ("sure_at", "asked_at", "reminded_at", "hidden_at")
        ),
        migrations.CreateModel(
            name="TakedownRequest",
            fields=[
                ("id", models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                )),
                ("uid", models.CharField(db_index=True, max_length=200, verbose_name="record")),
                ("said", models.TextField(verbose_name="what is asked")),
                ("reply_to", models.EmailField(
                    blank=True, max_length=254, verbose_name="answer to"
                )),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="at")),
                ("decided", models.CharField(
                    blank=True,
                    choices=[
                        ("", "not yet"), ("taken down", "taken down"), ("left", "left as it is")
                    ],
                    max_length=12,
                    verbose_name="decided",
                )),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided at")),
                ("by", models.CharField(blank=True, max_length=254, verbose_name="by")),
            ],
            options={
                "verbose_name": "request to take a page down",
                "verbose_name_plural": "requests to take pages down",
                "ordering": ("decided", "at"),
            },
        ),
    ]
