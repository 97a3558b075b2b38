"""A home from before accounts had a model of their own: nobody in it is lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.livesite import tessera

USERS = (
    "CREATE TABLE auth_user (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, password varchar(128)"
    " NOT NULL, last_login datetime NULL, is_superuser bool NOT NULL, username varchar(150) NOT"
    " NULL UNIQUE, last_name varchar(150) NOT NULL, email varchar(254) NOT NULL, is_staff bool NOT"
    " NULL, is_active bool NOT NULL, date_joined datetime NOT NULL, first_name varchar(150) NOT"
    " NULL)"
)
PEOPLE = [
    ("ada", "Ada@Portal.Example"),
    ("bo", "ada@portal.example"),
    ("Cy Ro", ""),
    ("di@portal.example", ""),
]
OURS = ("accounts", "contact", "trail", "account", "mfa", "socialaccount", "usersessions")


def as_before(home: Path) -> None:
    """Take from a home of now what homes of then had not, and put in what they had."""
    with closing(sqlite3.connect(home / "tessera.sqlite3")) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in tables:
            if name.startswith(tuple(f"{app}_" for app in OURS)) or name == "auth_user":
                database.execute(f'DROP TABLE "{name}"')
        database.execute(USERS)
        marks = ", ".join("?" * len(OURS))
        database.execute(f"DELETE FROM django_migrations WHERE app IN ({marks})", OURS)
        database.execute(
            "UPDATE django_content_type SET app_label = 'auth'"
            " WHERE app_label = 'accounts' AND model = 'user'"
        )
        for name, email in PEOPLE:
            database.execute(
                "INSERT INTO auth_user (password, is_superuser, username, last_name, email,"
                " is_staff, is_active, date_joined, first_name)"
                " VALUES ('!', 1, ?, '', ?, 1, 1, '2026-01-01', '')",
                (name, email),
            )
        database.commit()


def test_everyone_keeps_an_account(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    assert tessera(home, "init").returncode == 0
    as_before(home)
    done = tessera(home, "init")
    assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(home / "tessera.sqlite3")) as database:
        kept = [row[0] for row in database.execute("SELECT email FROM auth_user ORDER BY id")]
        types = database.execute("SELECT app_label FROM django_content_type WHERE model = 'user'")
        assert types.fetchall() == [("accounts",)]
    assert kept == [
        "ada@portal.example",
        "bo-2@users.invalid",
        "cy-ro-3@users.invalid",
        "di@portal.example",
    ]
    assert tessera(home, "init").returncode == 0
