from importlib import import_module

from django.apps import AppConfig


class ContactConfig(AppConfig):
    name = "tessera.contact"
    label = "contact"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tessera.accounts.profiles.parts import PARTS

        PARTS["contact"] = import_module("tessera.contact.rights").PART
