from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tessera.site.config import VARIABLES, make_home, read
from tessera.site.sitefile import ConfigError

KEY = "k" * 40


def environ(home: Path, **more: str) -> dict[str, str]:
    return {"TESSERA_HOME": str(home), "PATH": "/bin", **more}


def test_defaults_work_without_anything_set(tmp_path: Path) -> None:
    config = read(environ(tmp_path))
    assert config.home == tmp_path
    assert config.search_url == "tantivy:"
    assert config.database["NAME"] == tmp_path / "tessera.sqlite3"
    assert set(config.allowed_hosts) == {"127.0.0.1", "localhost", "[::1]"}
    assert not config.https
    assert config.email.host == ""


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TESSERA_DATABASE_URL", "postgres://u@h/d", "expected postgresql://"),
        ("TESSERA_DATABASE_URL", "mysql://u@h/d", "expected postgresql://"),
        ("TESSERA_DATABASE_URL", "postgresql://u@h/", "names no database"),
        ("TESSERA_DATABASE_URL", "postgresql://u@h:port/d", "expected postgresql://"),
        ("TESSERA_DATABASE_URL", "postgresql://u@h/d?sslmod=require", "sslmode"),
        ("TESSERA_SEARCH_URL", "tantivi:", "expected tantivy:, memory: or opensearch+http"),
        ("TESSERA_SEARCH_URL", "tantivy", "expected tantivy:"),
        ("TESSERA_SEARCH_URL", "opensearch+http://h:9200", "not built yet in this version"),
        ("TESSERA_SECRET_KEY", "short", "has 5 characters; expected at least 32"),
        ("TESSERA_URL", "portal.example.org", "expected the site's public address"),
        ("TESSERA_URL", "https://portal.example.org/sub", "only scheme, host and port"),
        ("TESSERA_ALLOWED_HOSTS", "https://portal.example.org", "is no host name"),
        ("TESSERA_EMAIL_URL", "mail.example.org", "expected smtp://"),
        ("TESSERA_LOG_LEVEL", "loud", "expected debug, info, warning or error"),
        ("TESSERA_HOMES", "x", "did you mean TESSERA_HOME?"),
        ("TESSERA_DATABSE_URL", "x", "did you mean TESSERA_DATABASE_URL?"),
        ("TESSERA_ZZZZ", "x", "expected one of TESSERA_HOME"),
        ("TESSERA_SECRET_KEY_FILE", "/nowhere/at/all", "can't be read"),
    ],
)
def test_a_wrong_value_is_refused_with_what_is_expected(
    tmp_path: Path, name: str, value: str, said: str
) -> None:
    with pytest.raises(ConfigError) as error:
        read(environ(tmp_path, **{name: value}))
    assert name in str(error.value)
    assert said in str(error.value)


def test_secrets_are_not_repeated_in_errors(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        read(environ(tmp_path, TESSERA_DATABASE_URL="postgres://u:hunter2@h/d"))
    assert "hunter2" not in str(error.value)
    config = read(environ(tmp_path, TESSERA_DATABASE_URL="postgresql://u:hunter2@h/d"))
    assert "hunter2" not in repr(config)


def test_every_secret_can_be_a_file(tmp_path: Path) -> None:
    values = {
        "TESSERA_DATABASE_URL": "postgresql://u:p%40ss@db:5433/tessera?sslmode=require",
        "TESSERA_SEARCH_URL": "memory:",
        "TESSERA_SECRET_KEY": KEY,
        "TESSERA_EMAIL_URL": "smtps://me:pw@mail.example.org",
    }
    assert set(values) == {variable.name for variable in VARIABLES if variable.secret}
    files = {}
    for name, value in values.items():
        path = tmp_path / name.lower()
        path.write_text(value + "\n", encoding="utf-8")
        files[f"{name}_FILE"] = str(path)
    config = read(environ(tmp_path, **files))
    assert config.database["PASSWORD"] == "p@ss"
    assert config.database["PORT"] == "5433"
    assert config.database["OPTIONS"] == {"sslmode": "require"}
    assert config.search_url == "memory:"
    assert config.secret_key == KEY
    assert (config.email.host, config.email.port, config.email.tls) == (
        "mail.example.org",
        465,
        "implicit",
    )


def test_a_secret_given_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(KEY, encoding="utf-8")
    with pytest.raises(ConfigError, match="both set"):
        read(environ(tmp_path, TESSERA_SECRET_KEY=KEY, TESSERA_SECRET_KEY_FILE=str(path)))


def test_a_socket_folder_can_be_the_database_host(tmp_path: Path) -> None:
    url = "postgresql:///tessera?host=/run/postgresql&port=5433"
    database = read(environ(tmp_path, TESSERA_DATABASE_URL=url)).database
    assert (database["HOST"], database["PORT"]) == ("/run/postgresql", "5433")


def test_the_public_address_is_an_allowed_host(tmp_path: Path) -> None:
    config = read(environ(tmp_path, TESSERA_URL="https://portal.example.org:8443/"))
    assert config.url == "https://portal.example.org:8443"
    assert config.https
    assert "portal.example.org" in config.allowed_hosts


def test_mail_to_a_relay_on_this_machine_needs_no_tls(tmp_path: Path) -> None:
    assert read(environ(tmp_path, TESSERA_EMAIL_URL="smtp://localhost")).email.tls == ""
    email = read(environ(tmp_path, TESSERA_EMAIL_URL="smtp://mail.example.org")).email
    assert (email.port, email.tls) == (587, "starttls")


def test_a_home_gets_one_key_and_keeps_it(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "home"
    make_home(environ(home))
    first = read(environ(home)).secret_key
    make_home(environ(home))
    assert read(environ(home)).secret_key == first
    assert stat.S_IMODE((home / "secret-key").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_a_home_with_a_given_key_keeps_none(tmp_path: Path) -> None:
    make_home(environ(tmp_path, TESSERA_SECRET_KEY=KEY))
    assert not (tmp_path / "secret-key").exists()


def test_a_file_is_no_home(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("", encoding="utf-8")
    with pytest.raises(ConfigError, match="which is a file"):
        read(environ(path))
