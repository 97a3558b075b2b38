from importlib import import_module

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "tessera.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Django looks for `admin` alone; the queue of organisations is a part of its own.
        import_module("tessera.records.merges_admin")
