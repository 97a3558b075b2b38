"""The site's own settings in a home of the test run, which goes when it ends."""

from __future__ import annotations

import os
import tempfile

if "TESSERA_HOME" not in os.environ:
    _home = tempfile.TemporaryDirectory(prefix="tessera-test-")
    os.environ["TESSERA_HOME"] = _home.name

from tessera.site.settings import *  # noqa: F403 - settings are a star import by design

# `tessera serve` collects static files with hashed names; in-process tests use them as they are.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
