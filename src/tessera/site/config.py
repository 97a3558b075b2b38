"""What an operator can set: TESSERA_* variables, and tessera.toml in home.

Pure reading and checking: a mapping of variables in, a frozen `Config` out, or a `ConfigError`
that says which value is wrong, where, and what is expected instead. Documented for operators in
docs/reference/settings; tests hold that page and `VARIABLES` together.
"""

from __future__ import annotations

import difflib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from tessera.site.sitefile import ConfigError, SiteFile, read_site_file

LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Variable:
    """One TESSERA_* variable. secret: it can also be given as a file, in `<name>_FILE`."""

    name: str
    expected: str
    default: str = ""
    secret: bool = False


VARIABLES = (
    Variable("TESSERA_HOME", "a folder, which holds database, index and files", "./var"),
    Variable(
        "TESSERA_DATABASE_URL",
        "postgresql://USER:PASSWORD@HOST:PORT/DATABASE, or nothing for SQLite in home",
        secret=True,
    ),
    Variable(
        "TESSERA_SEARCH_URL", "tantivy:, memory: or opensearch+http://HOST:PORT", "tantivy:", True
    ),
    Variable("TESSERA_SECRET_KEY", "at least 32 characters that nobody can guess", secret=True),
    Variable("TESSERA_URL", "the site's public address, such as https://portal.example.org"),
    Variable(
        "TESSERA_ALLOWED_HOSTS",
        "host names with commas between them, such as portal.example.org,10.0.0.5",
    ),
    Variable(
        "TESSERA_EMAIL_URL",
        "smtp://USER:PASSWORD@HOST:PORT, smtps://... or file: for files in home",
        "file:",
        True,
    ),
    Variable("TESSERA_LOG_LEVEL", "debug, info, warning or error", "info"),
)
"""Every variable that is read. A name that begins so and isn't here is a mistake, and is said."""

_FOR_TESTS = ("TESSERA_SHARED", "TESSERA_TEST_")
"""Variables that only the test suite reads begin so."""

_DATABASE_OPTIONS = (
    "application_name", "connect_timeout", "options", "passfile", "service", "sslcert", "sslkey",
    "sslmode", "sslrootcert", "target_session_attrs",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Email:
    """Where mail goes; without a host, into files in home."""

    host: str = ""
    port: int = 0
    user: str = ""
    password: str = field(default="", repr=False)
    tls: str = ""
    """`starttls` (smtp://), `implicit` (smtps://), or empty: smtp:// to this machine itself."""


@dataclass(frozen=True, slots=True)
class Config:
    """All settings, checked. database: for Django's DATABASES["default"]."""

    home: Path
    database: Mapping[str, object] = field(repr=False)
    search_url: str
    secret_key: str = field(repr=False)
    url: str
    allowed_hosts: tuple[str, ...]
    email: Email
    log_level: str
    site: SiteFile

    @property
    def https(self) -> bool:
        return self.url.startswith("https://")


def read(environ: Mapping[str, str]) -> Config:
    """The settings that these variables make; raises ConfigError for the first wrong one."""
    _refuse_unknown(environ)
    values = {variable.name: _value(environ, variable) for variable in VARIABLES}
    home = _home(environ)
    url = _public_url(values["TESSERA_URL"])
    return Config(
        home=home,
        database=_database(values["TESSERA_DATABASE_URL"], home),
        search_url=_search(values["TESSERA_SEARCH_URL"]),
        secret_key=_secret_key(values["TESSERA_SECRET_KEY"], home),
        url=url,
        allowed_hosts=_hosts(values["TESSERA_ALLOWED_HOSTS"], url),
        email=_email(values["TESSERA_EMAIL_URL"]),
        log_level=_log_level(values["TESSERA_LOG_LEVEL"]),
        site=read_site_file(home / "tessera.toml"),
    )


def make_home(environ: Mapping[str, str]) -> Path:
    """Make the home folder, for its owner alone, with a secret key in it unless one is given."""
    home = _home(environ)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    given = any(environ.get(name) for name in ("TESSERA_SECRET_KEY", "TESSERA_SECRET_KEY_FILE"))
    path = home / "secret-key"
    if not given and not path.exists():
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(secrets.token_urlsafe(48) + "\n", encoding="ascii")
    return home


def _home(environ: Mapping[str, str]) -> Path:
    home = Path(environ.get("TESSERA_HOME", "").strip() or "var").expanduser().resolve()
    if home.exists() and not home.is_dir():
        raise ConfigError(f"TESSERA_HOME is {home}, which is a file; expected a folder.")
    return home


def _wrong(name: str, value: str, why: str = "") -> ConfigError:
    """The error for a value; the value of a secret is not repeated."""
    variable = next(v for v in VARIABLES if v.name == name)
    shown = "has a wrong value" if variable.secret else f"is {value!r}"
    return ConfigError(f"{name} {shown}{': ' + why if why else ''}; expected {variable.expected}.")


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    known = [v.name for v in VARIABLES] + [f"{v.name}_FILE" for v in VARIABLES if v.secret]
    for name in sorted(environ):
        if not name.startswith("TESSERA_") or name in known or name.startswith(_FOR_TESTS):
            continue
        # Without the beginning that all share, lest everything look alike.
        near = difflib.get_close_matches(name[8:], [each[8:] for each in known], 1)
        hint = (
            f"did you mean TESSERA_{near[0]}?" if near else f"expected one of {', '.join(known)}."
        )
        raise ConfigError(f"{name} is not a setting: {hint}")


def _value(environ: Mapping[str, str], variable: Variable) -> str:
    value = environ.get(variable.name, "").strip()
    file_name = f"{variable.name}_FILE"
    path = environ.get(file_name, "").strip() if variable.secret else ""
    if value and path:
        raise ConfigError(f"{variable.name} and {file_name} are both set; keep one of them.")
    if path:
        try:
            value = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{file_name} is {path!r}, which can't be read: {error}.") from error
        if not value:
            raise ConfigError(f"{file_name} is {path!r}, which is empty.")
    return value or variable.default


def _database(url: str, home: Path) -> dict[str, object]:
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": home / "tessera.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                " PRAGMA cache_size=-32000; PRAGMA mmap_size=67108864",
            },
        }
    name = "TESSERA_DATABASE_URL"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _wrong(name, url, str(error)) from error
    if parts.scheme != "postgresql":
        raise _wrong(name, url, f"it begins with {parts.scheme or url[:12]!r}")
    database = unquote(parts.path.lstrip("/"))
    if not database:
        raise _wrong(name, url, "it names no database")
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or parts.hostname or ""
    port_number = options.pop("port", "") or str(port or "")
    for option in options:
        if option not in _DATABASE_OPTIONS:
            raise _wrong(name, url, f"{option!r} is none of {', '.join(_DATABASE_OPTIONS)}")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port_number,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _search(url: str) -> str:
    scheme, colon, rest = url.partition(":")
    if colon and scheme in ("tantivy", "memory") and not rest:
        return url
    if scheme in ("opensearch+http", "opensearch+https") and rest.startswith("//"):
        raise ConfigError(
            "TESSERA_SEARCH_URL asks for OpenSearch, which is not built yet in this version;"
            " use tantivy: (the default), which needs no server."
        )
    raise _wrong("TESSERA_SEARCH_URL", url)


def _secret_key(value: str, home: Path) -> str:
    if value:
        if len(value) < 32:
            raise _wrong("TESSERA_SECRET_KEY", value, f"it has {len(value)} characters")
        return value
    path = home / "secret-key"
    try:
        kept = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        # No home yet: good for this process alone; `make_home` makes one to stay.
        return secrets.token_urlsafe(48)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The secret key in {path} can't be read: {error}.") from error
    if len(kept) < 32:
        raise ConfigError(f"{path} holds no secret key; remove it, and a new one is made.")
    return kept


def _public_url(url: str) -> str:
    if not url:
        return ""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _wrong("TESSERA_URL", url)
    if parts.path not in ("", "/") or parts.query or parts.fragment or parts.username:
        raise _wrong("TESSERA_URL", url, "only scheme, host and port can stand in it")
    return f"{parts.scheme}://{parts.netloc}"


def _hosts(value: str, url: str) -> tuple[str, ...]:
    hosts = [host.strip() for host in value.split(",") if host.strip()]
    for host in hosts:
        if "/" in host or " " in host:
            raise _wrong("TESSERA_ALLOWED_HOSTS", value, f"{host!r} is no host name")
    public = urlsplit(url).hostname
    if public and public not in hosts:
        hosts.append(public)
    return tuple(dict.fromkeys((*hosts, *LOCAL_HOSTS)))


def _email(url: str) -> Email:
    if url == "file:":
        return Email()
    name = "TESSERA_EMAIL_URL"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _wrong(name, url, str(error)) from error
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise _wrong(name, url)
    tls = "implicit" if parts.scheme == "smtps" else "starttls"
    if tls == "starttls" and parts.hostname in ("127.0.0.1", "localhost", "::1"):
        tls = ""
    return Email(
        host=parts.hostname,
        port=port or (465 if tls == "implicit" else 587 if tls else 25),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=tls,
    )


def _log_level(value: str) -> str:
    if value.lower() not in ("debug", "info", "warning", "error"):
        raise _wrong("TESSERA_LOG_LEVEL", value)
    return value.upper()
