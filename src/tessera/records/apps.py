from importlib import import_module

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "tessera.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Django looks for `admin` alone; these are parts of their own.
        import_module("tessera.records.merges_admin")
        import_module("tessera.records.concepts_admin")
