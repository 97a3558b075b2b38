"""How people sign in, in the words of Django and allauth; made of `Config` alone."""

from __future__ import annotations

from email.utils import formataddr
from typing import Any
from urllib.parse import urlsplit

from tessera.site.config import Config

CODE_SECONDS = 10 * 60
"""How long a code that was mailed is good for."""

LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "20/m/ip",
    "request_login_code": "20/m/ip,3/m/key,12/h/key",
    "confirm_email": "1/10s/key,12/h/key",
    "reset_password": "20/m/ip,3/m/key,12/h/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
}
"""Attempts of each kind: so many in such a time from one address (ip), for one account (user), or
for one e-mail address (key), whether it has an account or not."""


def account_settings(config: Config) -> dict[str, Any]:
    """What settings.py adds to its own, by name."""
    return (
        _signing_in()
        | _institutions(config)
        | {
            # What counts attempts must be shared by all processes; no other cache is used.
            "CACHES": {
                "default": {
                    "BACKEND": "django.core.cache.backends.db.DatabaseCache",
                    "LOCATION": "accounts_counted",
                    # Beyond that the oldest go: many enough that nobody can push counts out.
                    "OPTIONS": {"MAX_ENTRIES": 200_000},
                }
            },
            # With https a proxy stands in front, which says in X-Forwarded-For who asks.
            "ALLAUTH_TRUSTED_PROXY_COUNT": 1 if config.https else 0,
            "ACCOUNT_DEFAULT_HTTP_PROTOCOL": "https" if config.https else "http",
            # Browsers allow passkeys without TLS on localhost alone.
            "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": not config.https,
            "MFA_TOTP_ISSUER": config.site.name,
            "FILE_UPLOAD_HANDLERS": [
                "tessera.accounts.profiles.photo.BoundedUpload",
                "django.core.files.uploadhandler.MemoryFileUploadHandler",
                "django.core.files.uploadhandler.TemporaryFileUploadHandler",
            ],
        }
    )


def _signing_in() -> dict[str, Any]:
    return {
        "AUTHENTICATION_BACKENDS": [
            "allauth.account.auth_backends.AuthenticationBackend",
            "tessera.accounts.roles.RoleBackend",
        ],
        "PASSWORD_HASHERS": [
            "django.contrib.auth.hashers.ScryptPasswordHasher",
            "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        ],
        "LOGIN_URL": "account_login",
        "LOGIN_REDIRECT_URL": "account_overview",
        "LOGOUT_REDIRECT_URL": "home",
        "ACCOUNT_ADAPTER": "tessera.accounts.adapter.AccountAdapter",
        "ACCOUNT_FORMS": {
            "login": "tessera.accounts.forms.PasswordForm",
            "signup": "tessera.accounts.forms.SignUpForm",
            "request_login_code": "tessera.accounts.forms.CodeRequestForm",
            "reset_password": "tessera.accounts.forms.ForgottenForm",
            "add_email": "tessera.accounts.forms.AddressForm",
        },
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_SIGNUP_FIELDS": ["email*"],
        "ACCOUNT_PREVENT_ENUMERATION": True,
        "ACCOUNT_CHANGE_EMAIL": True,
        "ACCOUNT_EMAIL_VERIFICATION": "mandatory",
        "ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED": True,
        "ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT": CODE_SECONDS,
        "ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND": True,
        "ACCOUNT_EMAIL_NOTIFICATIONS": True,
        "ACCOUNT_LOGIN_BY_CODE_ENABLED": True,
        "ACCOUNT_LOGIN_BY_CODE_TIMEOUT": CODE_SECONDS,
        "ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND": True,
        "ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED": True,
        "ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT": CODE_SECONDS,
        "ACCOUNT_REAUTHENTICATION_REQUIRED": True,
        "ACCOUNT_RATE_LIMITS": LIMITS,
        "ACCOUNT_SESSION_REMEMBER": True,
        "MFA_ADAPTER": "tessera.accounts.secondstep.SecondStepAdapter",
        "MFA_FORMS": {
            "authenticate_webauthn": "tessera.accounts.failures.SecondStepForm",
            "reauthenticate_webauthn": "tessera.accounts.failures.ProofForm",
            "login_webauthn": "tessera.accounts.failures.SignInForm",
        },
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        "MFA_TOTP_TOLERANCE": 1,
    }


def _institutions(config: Config) -> dict[str, Any]:
    apps = [
        {
            "provider_id": each.slug,
            "name": each.name,
            "client_id": each.client_id,
            "secret": each.secret,
            "settings": {"server_url": each.url, "oauth_pkce_enabled": True},
        }
        for each in config.site.institutions
    ]
    return {
        "SOCIALACCOUNT_PROVIDERS": {"openid_connect": {"APPS": apps}},
        "SOCIALACCOUNT_FORMS": {"disconnect": "tessera.accounts.forms.InstitutionForm"},
        # An institution's word for an address signs in to nobody's account but its own.
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION": False,
        "SOCIALACCOUNT_STORE_TOKENS": False,
    }


def sender(config: Config) -> str:
    """Whom mail comes from: what tessera.toml says, else noreply at the site's host."""
    if config.site.mail_from:
        return config.site.mail_from
    host = urlsplit(config.url).hostname or "localhost"
    return formataddr((" ".join(config.site.name.split()), f"noreply@{host}"))
