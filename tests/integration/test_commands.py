"""`tessera` as an operator uses it: each command in a process of its own."""

from __future__ import annotations

import json
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.livesite import LiveSite, environment, free_port, serving, tessera

RECORD = {"id": "t:1", "kind": "news", "title": {"en": "A cluster of lighthouses"}}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def delivered(folder: Path, *records: dict[str, object]) -> Path:
    path = folder / "delivery.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in records), encoding="utf-8")
    return path


def test_help_answers_at_once(home: Path) -> None:
    tessera(home, "--help")
    start = time.perf_counter()
    done = tessera(home, "--help")
    assert done.returncode == 0
    assert "demo" in done.stdout
    # Django alone takes longer than this to load on the slowest machine we know.
    assert time.perf_counter() - start < 1.0
    assert list(home.iterdir()) == []


def test_wrong_usage_is_told_from_failure(home: Path) -> None:
    assert tessera(home, "nonsense").returncode == 2
    assert tessera(home, "serve", "--port", "banana").returncode == 2
    assert tessera(home, "restore", "absent.zip").returncode == 1


def test_init_makes_a_home_and_an_administrator_once(home: Path) -> None:
    done = tessera(home, "init", "--admin", "ada@portal.example")
    assert done.returncode == 0, done.stderr
    password = done.stdout.strip()
    assert len(password) >= 15
    assert password not in done.stderr
    assert stat.S_IMODE((home / "secret-key").stat().st_mode) == 0o600
    key = (home / "secret-key").read_text(encoding="ascii")
    again = tessera(home, "init")
    assert again.returncode == 0, again.stderr
    assert again.stdout == ""
    assert (home / "secret-key").read_text(encoding="ascii") == key


def test_a_command_without_a_home_says_how_to_make_one(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tessera.cli", "search", "x", "--home", str(tmp_path / "none")],
        env=environment(tmp_path), cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "tessera init" in done.stderr
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TESSERA_DATABSE_URL", "x", "did you mean TESSERA_DATABASE_URL?"),
        ("TESSERA_SEARCH_URL", "opensearch+http://h:9200", "not built yet"),
        ("TESSERA_DATABASE_URL", "mysql://h/d", "expected postgresql://"),
    ],
)
def test_a_wrong_setting_stops_the_start(home: Path, name: str, value: str, said: str) -> None:
    done = tessera(home, "init", **{name: value})
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_mistake_in_the_site_file_stops_the_start_with_its_line(home: Path) -> None:
    (home / "tessera.toml").write_text("[site]\n\nnam = 'x'\n", encoding="utf-8")
    done = tessera(home, "init")
    assert done.returncode == 1
    assert "line 3" in done.stderr


def test_check_says_what_is_wrong_and_what_to_do(home: Path, tmp_path: Path) -> None:
    elsewhere = tessera(home, "--home", str(tmp_path / "absent"), "check", "--json")
    absent = json.loads(elsewhere.stdout)
    assert absent["ok"] is False
    assert "tessera init" in absent["findings"][0]["do"]

    done = tessera(home, "import", "jsonl", str(delivered(tmp_path, RECORD)), "--no-index")
    assert done.returncode == 0, done.stderr
    without = tessera(home, "check", "--json")
    assert without.returncode == 1
    index = next(f for f in json.loads(without.stdout)["findings"] if f["check"] == "index")
    assert (index["level"], "tessera index" in index["do"]) == ("error", True)

    assert tessera(home, "worker", "--once").returncode == 0
    whole = tessera(home, "check", "--json")
    assert whole.returncode == 0, whole.stdout
    assert json.loads(whole.stdout)["ok"] is True


def test_check_finds_a_key_that_others_can_read(home: Path) -> None:
    tessera(home, "init")
    (home / "secret-key").chmod(0o644)
    found = json.loads(tessera(home, "check", "--json").stdout)["findings"]
    assert any("chmod 600" in each["do"] for each in found)


def test_harvest_takes_in_what_the_site_file_names(home: Path) -> None:
    delivered(home, RECORD)
    (home / "tessera.toml").write_text(
        '[sources.ours]\nimporter = "jsonl"\npaths = ["delivery.jsonl"]\nname = "Our own"\n',
        encoding="utf-8",
    )
    done = tessera(home, "harvest")
    assert done.returncode == 0, done.stderr
    found = json.loads(tessera(home, "search", "lighthouses", "--json").stdout)
    assert found["total"] == 1
    unknown = tessera(home, "harvest", "theirs")
    assert unknown.returncode == 2
    assert "it names ours" in unknown.stderr


def test_harvest_says_what_it_could_not_read_and_goes_on(home: Path) -> None:
    delivered(home, RECORD)
    (home / "tessera.toml").write_text(
        '[sources.a]\nimporter = "nonesuch"\npaths = ["x"]\n'
        '[sources.b]\nimporter = "jsonl"\npaths = ["delivery.jsonl"]\n',
        encoding="utf-8",
    )
    done = tessera(home, "harvest")
    assert done.returncode == 1
    assert "nonesuch" in done.stderr
    assert json.loads(tessera(home, "search", "lighthouses", "--json").stdout)["total"] == 1


def test_a_taken_port_is_said_and_nothing_is_done(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = tessera(home, "demo", "--port", str(port))
    assert done.returncode == 1
    assert "--port" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_second_demo_changes_nothing(demo_home: Path) -> None:
    done = tessera(demo_home, "demo", "--no-serve")
    assert done.returncode == 0, done.stderr
    assert " 0 new, 0 changed," in done.stderr


def test_the_site_serves_its_own_files_compressed_and_for_good(demo_site: LiveSite) -> None:
    _, body = demo_site.get("/")
    start = body.index("/static/tessera/base.")
    address = body[start : body.index('"', start)]
    status, css = demo_site.get(address)
    assert status == 200
    assert "--" in css
    request = urllib.request.Request(demo_site.url + address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=30) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        assert "immutable" in response.headers["Cache-Control"]


def test_https_makes_cookies_and_browsers_keep_to_it(demo_home: Path) -> None:
    with serving(demo_home, workers=1, TESSERA_URL="https://portal.example.org") as site:
        request = urllib.request.Request(
            site.url + "/admin/login/",
            headers={"Host": "portal.example.org", "X-Forwarded-Proto": "https"},
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            assert "Secure" in response.headers["Set-Cookie"]
            assert "max-age" in response.headers["Strict-Transport-Security"]
        assert site.get("/", Host="stranger.example.org")[0] == 400


def test_nothing_of_a_reader_is_logged(demo_home: Path) -> None:
    with serving(demo_home, workers=1) as site:
        site.get("/explore?q=very-private-words")
        site.get("/nowhere-at-all")
        log = (demo_home / "serve.log").read_text(encoding="utf-8")
    assert "very-private-words" not in log
    assert "nowhere-at-all" not in log


def test_the_site_goes_down_on_sigterm(demo_home: Path) -> None:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tessera.cli", "serve", "--port", str(port), "--workers", "1"],
        env=environment(demo_home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        site = LiveSite(f"http://127.0.0.1:{port}", demo_home, process.pid)
        for _ in range(300):
            try:
                site.get("/healthz")
                break
            except OSError:
                time.sleep(0.1)
        process.terminate()
        assert process.wait(timeout=20) == 0
    finally:
        if process.poll() is None:
            process.kill()
    assert not (Path.home() / ".gunicorn" / "gunicorn.ctl").exists()


def test_eval_writes_a_run_in_the_format_of_trec(home: Path, tmp_path: Path) -> None:
    docs, queries, run = tmp_path / "d.jsonl", tmp_path / "q.jsonl", tmp_path / "run.trec"
    docs.write_text(
        '{"id": "a", "lang": "en", "title": "Lighthouses", "text": "on the coast"}\n'
        '{"id": "b", "lang": "en", "title": "Railways", "text": "in the hills"}\n',
        encoding="utf-8",
    )
    queries.write_text('{"id": "1", "lang": "en", "text": "a lighthouse"}\n', encoding="utf-8")
    done = tessera(home, "eval", "--docs", str(docs), "--queries", str(queries), "--out", str(run))
    assert done.returncode == 0, done.stderr
    query, q0, document, rank, score, _ = run.read_text(encoding="utf-8").splitlines()[0].split()
    assert (query, q0, document, rank) == ("1", "Q0", "a", "1")
    assert float(score) > 0
    missing = tessera(home, "eval", "--docs", "no", "--queries", str(queries), "--out", str(run))
    assert missing.returncode == 1
    assert "there is no file no" in missing.stderr


def test_eval_says_which_aid_it_cannot_use(home: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    run = tmp_path / "run.trec"
    wanted = ("eval", "--docs", str(empty), "--queries", str(empty), "--out", str(run))
    for options, said in (
        (("--dictionary", str(empty)), "is no dictionary"),
        (("--encoder", "no-folder"), "--encoder no-folder"),
        (("--vectors", str(home)), "--vectors needs --encoder"),
        (("--without", "everything"), "spelling"),
    ):
        refused = tessera(home, *wanted, *options)
        assert refused.returncode != 0
        assert said in refused.stderr


def test_a_dictionary_is_learned_from_files_without_a_home(tmp_path: Path) -> None:
    pairs, out = tmp_path / "pairs.jsonl", tmp_path / "dictionary.sqlite3"
    pairs.write_text('{"en": "water", "de": "Wasser"}\n' * 9, encoding="utf-8")
    home = tmp_path / "none"
    done = subprocess.run(
        [sys.executable, "-m", "tessera.cli", "dictionary", "learn",
         "--from", str(pairs), "--out", str(out)],
        env=environment(home), cwd=tmp_path, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert out.is_file() and not home.exists()
