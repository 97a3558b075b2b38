from django.apps import AppConfig


class HarvestConfig(AppConfig):
    name = "tessera.harvest"
    label = "harvest"
    default_auto_field = "django.db.models.BigAutoField"
