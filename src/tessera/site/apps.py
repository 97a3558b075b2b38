from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "tessera.site"
    label = "site"
    default_auto_field = "django.db.models.BigAutoField"
