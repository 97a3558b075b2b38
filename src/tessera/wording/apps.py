from django.apps import AppConfig


class WordingConfig(AppConfig):
    name = "tessera.wording"
    label = "wording"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tessera.indexing.current import add_to_aids
        from tessera.wording.current import with_wording

        add_to_aids(with_wording)
