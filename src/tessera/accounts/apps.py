from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tessera.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tessera.accounts import failures  # noqa: F401 - it hears of wrong codes
        from tessera.accounts.profiles import publication  # noqa: F401 - it hears of deletions
