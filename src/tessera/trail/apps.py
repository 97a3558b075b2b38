from __future__ import annotations

from django.apps import AppConfig


class TrailConfig(AppConfig):
    name = "tessera.trail"
