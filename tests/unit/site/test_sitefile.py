from __future__ import annotations

from pathlib import Path

import pytest

from tessera.site.sitefile import (
    CONTRAST,
    ConfigError,
    SiteFile,
    contrast,
    read_site_file,
)

WHOLE = """\
# A site of our own.
[site]
name = "Alpe Adria search"
languages = ["en", "sl", "de"]

[facets]
order = ["country", "programme"]

[sources.reports]
importer = "files"
paths = ["reports", "/srv/more"]
licence = "CC-BY-4.0"

[colours]
accent = "#0B6070"
"""

REMOTE = "[sources.a]\nimporter = 'feed'"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "tessera.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_the_file_the_defaults_work(tmp_path: Path) -> None:
    assert read_site_file(tmp_path / "tessera.toml") == SiteFile()


def test_an_empty_file_is_the_defaults(tmp_path: Path) -> None:
    assert read_site_file(written(tmp_path, "")) == SiteFile()


def test_expansion_is_switched_off_by_false_alone(tmp_path: Path) -> None:
    assert read_site_file(written(tmp_path, "[search]\n")).expansion
    assert not read_site_file(written(tmp_path, "[search]\nexpansion = false")).expansion
    with pytest.raises(ConfigError, match=r"line 2: search\.expansion is 'off'; expected true or"):
        read_site_file(written(tmp_path, "[search]\nexpansion = 'off'"))


def test_all_that_can_be_chosen(tmp_path: Path) -> None:
    site = read_site_file(written(tmp_path, WHOLE))
    assert site.name == "Alpe Adria search"
    assert site.languages == ("en", "sl", "de")
    assert site.facets == ("country", "programme")
    assert site.colours == {"accent": "#0b6070"}
    (source,) = site.sources
    assert (source.slug, source.importer, source.licence) == ("reports", "files", "CC-BY-4.0")
    assert source.paths == (tmp_path / "reports", Path("/srv/more"))


def test_a_source_behind_an_address(tmp_path: Path) -> None:
    text = (
        f"{REMOTE}\nurl = 'https://x.org/feed'\nschedule = 'daily 03:00'\nmax_minutes = 5\n"
        "max_megabytes = 2\ndelay = 0.5\nminimum = 3\nmax_loss = 0.1\n"
        "max_errors = 0\n"
        "private_addresses = ['10.0.0.5:8080']"
    )
    (source,) = read_site_file(written(tmp_path, text)).sources
    assert (source.urls, source.paths) == (("https://x.org/feed",), ())
    assert source.schedule is not None and source.schedule.at == 180
    assert source.limits == {"total_seconds": 300, "total_size": 2_000_000, "delay": 0.5}
    assert (source.minimum, source.max_loss, source.max_errors) == (3, 0.1, 0)
    assert len(source.private) == 1


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("[site]\nnam = 'x'", 2, "did you mean name?"),
        ("\n[sit]\nname = 'x'", 2, "did you mean site?"),
        ("[site]\nname = 3", 2, "expected a text in quotes"),
        ("[site]\n\nlanguages = 'en'", 3, "expected a list"),
        ("[site]\nname = 'a'\nlanguages = [\n  'en',\n  'xx']", 3, "'xx'"),
        ("[site]\nlanguages = ['en', 'en']", 2, "twice"),
        ("site.name = 3", 1, "expected a text in quotes"),
        ("# one\n[facets]\norder = ['contry']", 3, "did you mean country?"),
        ("[colours]\naccent = 'teal'", 2, "six hex digits"),
        ("[colours]\n\naccent = '#e0e0e0'", 3, "contrast"),
        ("[sources.a]\nimporter = 'jsonl'", 1, "says no paths"),
        (f"{REMOTE}\nurl = 'ftp://x.org'", 3, "http"),
        (f"{REMOTE}\nurl = 'https://x.org'\npaths = ['a']", 1, "both"),
        (f"{REMOTE}\nurl = 'https://x.org'\nurls = ['https://x.org']", 3, "keep one"),
        (f"{REMOTE}\nurl = 'https://x.org'\n\nschedule = 'often'", 5, "every 6h"),
        (f"{REMOTE}\nurl = 'https://x.org'\nschedule = 'every 1m'", 4, "too often"),
        (f"{REMOTE}\nurl = 'https://x.org'\nminimum = -1", 4, "whole number"),
        (f"{REMOTE}\nurl = 'https://x.org'\nmax_loss = 20", 4, "from 0 to 1"),
        (f"{REMOTE}\nurl = 'https://x.org'\nmax_errors = 'no'", 4, "from 0 to 1"),
        (f"{REMOTE}\nurl = 'https://x.org'\nmax_requests = 0", 4, "above 0"),
        (f"{REMOTE}\nurl = 'https://x.org'\nprivate_addresses = ['x']", 4, "10.0.0.5:8080"),
        (f"{REMOTE}\npaths = ['a']\ndelay = 3", 4, "with a url only"),
        (f"{REMOTE}\nurl = 'https://x.org'\nshedule = 'x'", 4, "schedule?"),
        ("[sources.'A b']\nimporter = 'jsonl'\npaths = ['x']", 1, "no name for a source"),
        ("[sources.a]\nimporter = 'jsonl'\npaths = ['x']\nlicense = 'y'", 4, "licence?"),
        ("site = 3", 1, "expected a table"),
        ("[site]\nname = 'x", 2, "is not TOML"),
    ],
)
def test_a_mistake_is_refused_with_its_line(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    with pytest.raises(ConfigError) as error:
        read_site_file(written(tmp_path, text))
    assert f"line {line}" in str(error.value)
    assert said in str(error.value)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tessera.toml"
    path.write_bytes("[site]\nname = 'Łódź'".encode("iso8859-2"))
    with pytest.raises(ConfigError, match="not UTF-8"):
        read_site_file(path)


def test_contrast_is_as_wcag_defines_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.01)
    assert contrast("#123456", "#123456") == 1
    assert contrast("#0b6070", "#fbf9f5") > CONTRAST


def test_parts_of_the_ranking_are_left_out_by_name(tmp_path: Path) -> None:
    read = read_site_file(written(tmp_path, '[search]\nleave_out = ["close", "letters"]'))
    assert read.leave_out == ("close", "letters")
    with pytest.raises(ConfigError, match="did you mean letters"):
        read_site_file(written(tmp_path, '[search]\nleave_out = ["leters"]'))


INSTITUTION = """\
[institutions.ministry]
name = "The Ministry"
url = "https://login.ministry.example/"
client_id = "tessera"
secret_file = "ministry.secret"
"""


def test_accounts_and_mail(tmp_path: Path) -> None:
    (tmp_path / "ministry.secret").write_text("between us\n", encoding="utf-8")
    text = f"[accounts]\nsign_up = 'closed'\n[mail]\nfrom = 'P <p@x.example>'\n{INSTITUTION}"
    site = read_site_file(written(tmp_path, text))
    assert (site.sign_up, site.mail_from) == ("closed", "P <p@x.example>")
    (ministry,) = site.institutions
    assert (ministry.slug, ministry.secret) == ("ministry", "between us")
    assert ministry.url == "https://login.ministry.example"
    assert "between us" not in repr(site)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("https://login", "http://login", r"line 3: institutions\.ministry\.url is 'http://login"),
        ('client_id = "tessera"', "", r"line 1: institutions\.ministry\.client_id is None; exp"),
        ('"tessera"', "7", r"line 4: institutions\.ministry\.client_id is 7; expected a text"),
        ("ministry.secret", "absent", r"line 5: institutions\.ministry\.secret_file is .*absent"),
        ("client_id", "clientid", r"line 4: .*\.clientid is not a setting: did you mean client_id"),
        ("institutions.ministry", "institutions.The-M", r"The-M is no name for one; expected a-z"),
        ("[institutions", "[mail]\nfrom = 'me'\n[institutions", r"mail\.from is 'me'; expected an"),
        (
            "[institutions",
            "[accounts]\nsign_up = 1\n[institutions",
            r"sign_up is 1; expected",
        ),
    ],
)
def test_what_is_wrong_with_accounts_is_said(tmp_path: Path, old: str, new: str, said: str) -> None:
    (tmp_path / "ministry.secret").write_text("between us\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        read_site_file(written(tmp_path, INSTITUTION.replace(old, new)))
