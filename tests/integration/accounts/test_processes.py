"""What holds for all processes of a site together, and for its settings as they are made."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import missing
from tests.livesite import LiveSite, environment, serving, tessera
from tests.servers import NoServer, database_url, postgresql

ASK = """
import http.cookiejar, re, sys, urllib.error, urllib.parse, urllib.request
jar = http.cookiejar.CookieJar()
web = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
for _ in range(int(sys.argv[2])):
    page = web.open(sys.argv[1] + "/account/login/code/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\\w+)"', page)[1]
    sent = urllib.parse.urlencode({"csrfmiddlewaretoken": token, "email": "ada@portal.example"})
    web.open(sys.argv[1] + "/account/login/code/", sent.encode()).read()
"""

LEAVE = """
import django; django.setup()
import threading
from django.db import connection
from django.test import Client
from tessera.accounts.models import User
from tessera.accounts.profiles.erasure import erase
from tessera.accounts.roles import LastAdministrator, Role, give

every = [User.objects.create_superuser(f"a{n}@portal.example") for n in range(6)]
start, said = threading.Barrier(len(every)), []

def deactivate(user):
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    start.wait()
    sent = {"email": user.email, "role": "administrator"}
    page = client.post(f"/admin/accounts/user/{user.pk}/change/", sent)
    if page.status_code == 200 and "last administrator" in page.content.decode():
        raise LastAdministrator
    assert page.status_code == 302, page.content

def leave(n, user):
    try:
        if n < 2:
            deactivate(user)
        else:
            start.wait()
            erase(user) if n < 4 else give(user, Role.READER, by="")
    except LastAdministrator:
        said.append("stays")
    else:
        said.append("leaves")
    finally:
        connection.close()

going = [threading.Thread(target=leave, args=each) for each in enumerate(every)]
[each.start() for each in going]
[each.join() for each in going]
able = User.objects.filter(is_active=True, is_staff=True, is_superuser=True)
print(able.count(), *said)
"""


def asked(site: LiveSite, times: int) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, "-c", ASK, site.url, str(times)]
    return subprocess.Popen(arguments, env=environment(site.home))


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def database(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """The variables that name a database."""
    if request.param == "SQLite":
        yield {}
        return
    try:
        with postgresql() as server:
            yield {"TESSERA_DATABASE_URL": database_url(server, "postgres")}
    except NoServer as error:
        missing(str(error))


def test_limits_hold_across_processes(tmp_path: Path, database: dict[str, str]) -> None:
    home = tmp_path / "home"
    home.mkdir()
    assert tessera(home, "init", **database).returncode == 0
    with serving(home, **database) as one, serving(home, **database) as two:
        for client in [asked(site, 4) for site in (one, two, one)]:
            assert client.wait(60) == 0
    assert len(list((home / "mail").iterdir())) == 3


def test_one_administrator_stays_of_all_who_leave_at_once(
    tmp_path: Path, database: dict[str, str]
) -> None:
    assert tessera(tmp_path, "init", **database).returncode == 0
    variables = environment(tmp_path, DJANGO_SETTINGS_MODULE="tessera.site.settings", **database)
    done = subprocess.run(
        [sys.executable, "-c", LEAVE],
        env=variables, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert sorted(done.stdout.split()) == ["1", *["leaves"] * 5, "stays"], done.stderr


def test_cookies_are_for_this_site_alone(tmp_path: Path) -> None:
    variables = environment(tmp_path, TESSERA_URL="https://portal.example")
    say = (
        "import django; django.setup(); from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY,"
        " s.SESSION_COOKIE_SAMESITE, s.ALLAUTH_TRUSTED_PROXY_COUNT, s.DEFAULT_FROM_EMAIL)"
    )
    done = subprocess.run(
        [sys.executable, "-c", say],
        env=variables | {"DJANGO_SETTINGS_MODULE": "tessera.site.settings"},
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "True True True Lax 1 Tessera <noreply@portal.example>"


def test_people_are_asked_by_a_command(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "tessera.toml").write_text("[people]\nask_days = 30\n", encoding="utf-8")
    assert tessera(home, "init").returncode == 0
    done = tessera(home, "people", "remind")
    assert done.returncode == 0
    assert "0 asked whether their profile is still right" in done.stdout
    (home / "tessera.toml").write_text("[people]\nhide_days = 3\n", encoding="utf-8")
    done = tessera(home, "people", "remind")
    assert done.returncode != 0 and "line 2: people.hide_days is 3" in done.stderr
