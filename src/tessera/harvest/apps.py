from importlib import import_module

from django.apps import AppConfig


class HarvestConfig(AppConfig):
    name = "tessera.harvest"
    label = "harvest"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Django looks for `admin` alone; this is a part of its own.
        import_module("tessera.harvest.weblinks.admin")
