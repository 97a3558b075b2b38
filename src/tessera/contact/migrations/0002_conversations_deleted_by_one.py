from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contact', '0001_conversations_and_reports'),
    ]

    operations = [
        migrations.AddField(
            model_name='party',
            name='deleted_to',
            field=models.BigIntegerField(default=0),
        ),
    ]
