"""The secrets of second steps, sealed: a copy of the database alone opens no account."""

from __future__ import annotations

import base64
import logging
import secrets

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"tessera: secrets of second steps"

log = logging.getLogger("tessera.accounts")


def seal(secret: str) -> str:
    """Encrypted and authenticated, with a key that comes from the site's secret key."""
    return _fernet().encrypt(secret.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """What was sealed. Raises InvalidToken where that was under another secret key."""
    return _fernet().decrypt(sealed.encode()).decode()


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """Seals what allauth would store as it is."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; where it can't be read, one that no code fits."""
        try:
            return unseal(encrypted_text)
        except InvalidToken:
            log.error(
                "A second step was sealed under another secret key, and can't be used. Bring the"
                " former key back, or take the second step away under Authenticators."
            )
            return base64.b32encode(secrets.token_bytes(20)).decode("ascii")


def _fernet() -> Fernet:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE)
    return Fernet(base64.urlsafe_b64encode(derive.derive(settings.SECRET_KEY.encode())))
