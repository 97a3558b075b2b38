"""Synonyms, stop terms and searches without an answer, as editors work with them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tessera.accounts.models import User
from tessera.engine.query import WORDS, Query
from tessera.indexing.current import current
from tessera.indexing.sync import sync
from tessera.trail.signing import told
from tessera.wording import current as in_force
from tessera.wording.effect import effects
from tessera.wording.models import StopTerm, Synonym, Unanswered
from tests.integration.conftest import Deliver

pytestmark = pytest.mark.django_db

TITLES = (
    "Support for small enterprises",
    "SME networks along the river",
    "Interreg rail freight",
    "Rail freight corridors",
    "Hospital without borders",
)
ADD = "/admin/wording/synonym/add/"
ADD_STOP = "/admin/wording/stopterm/add/"
LIST = "/admin/wording/unanswered/"
READER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def catalogue(deliver: Deliver, tantivy_index: None) -> Iterator[None]:
    in_force.look_again()
    deliver(
        [
            {"id": f"p:{n}", "kind": "project", "title": {"en": title}}
            for n, title in enumerate(TITLES)
        ]
    )
    sync()
    yield
    in_force.look_again()


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("editor@portal.example", "secret"))
    return client


def totals(text: str, **more: Any) -> dict[str, int]:
    result = current().search(Query(text, **more))
    return {each.way: each.total for each in result.sections if each.way != "linked"}


def first(text: str) -> list[str]:
    return [hit.id for hit in current().search(Query(text, size=5)).hits]


def search(client: Client, text: str, **headers: str) -> None:
    headers = {"User-Agent": READER, **headers}
    assert client.get("/explore", {"q": text}, headers=headers).status_code in (200, 304)


def page(client: Client, address: str, **values: Any) -> str:
    """The words of a page."""
    response = client.post(address, values) if values else client.get(address)
    assert response.status_code == 200, response.status_code
    content = response.content.decode()
    main = content[content.index('id="content"') :]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def synonym(words: str, **more: str) -> dict[str, str]:
    return {"words": words, "lang": "", "active": "on", "trial": "", **more}


def compared(client: Client, address: str, text: str, **values: str) -> list[list[str]]:
    """The rows before and after of a search, on the page that shows the effect."""
    content = client.post(address, {**values, "_effect": "1"}).content.decode()
    for body in re.findall(r"<tbody>(.*?)</tbody>", content, re.DOTALL):
        if re.search(rf'rowspan="2">{re.escape(text)}<', body):
            rows = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
            return [
                [
                    " ".join(re.sub(r"<[^>]+>", " ", cell).split())
                    for cell in re.findall(r"<td>(.*?)</td>", row, re.DOTALL)
                ]
                for row in rows
            ]
    raise AssertionError(content)


def test_the_effect_shown_is_the_effect_after_saving(editor: Client) -> None:
    words = synonym("SME, small enterprise", trial="KMU")
    before, after = compared(editor, ADD, "small enterprise", **words)
    assert not Synonym.objects.exists()
    assert before[:3] == ["1", "0", "0"]
    assert totals("small enterprise") == {"words": 1}
    assert after[:3] == ["1", "1 SME", "0"]
    assert after[3] == f"{TITLES[0]} {TITLES[1]}"
    assert compared(editor, ADD, "KMU", **words)[1][0] == "0"

    assert editor.post(ADD, words).status_code == 302
    made = Synonym.objects.get()
    assert made.words == "SME, small enterprise"
    assert told(made.changed_by) == "editor@portal.example"
    assert totals("small enterprise") == {"words": 1, "related": 1}
    assert first("small enterprise") == ["p:0", "p:1"]
    assert totals("SME", match=WORDS) == {"words": 1}
    assert totals("SME", without=("small enterprise",)) == {"words": 1}


def test_a_change_is_compared_with_what_is_in_force(editor: Client) -> None:
    made = Synonym.objects.create(words="SME, small enterprise")
    address = f"/admin/wording/synonym/{made.pk}/change/"
    before, after = compared(editor, address, "SME", **synonym("SME, small enterprise", active=""))
    assert (before[1], after[1]) == ("1 small enterprise", "0")
    assert totals("SME") == {"words": 1, "related": 1}
    one_way = synonym("SME, small enterprise", one_way="on")
    assert compared(editor, address, "SME", **one_way)[1][1] == "1 small enterprise"
    assert compared(editor, address, "small enterprise", **one_way)[1][1] == "0"
    made.refresh_from_db()
    assert not made.one_way


def test_a_stop_term(editor: Client) -> None:
    term = {"word": "Interreg", "active": "on", "trial": "interreg corridors"}
    before, after = compared(editor, ADD_STOP, "interreg corridors", **term)
    assert (before[0], after[0], after[3]) == ("0", "1", TITLES[3])
    assert editor.post(ADD_STOP, term).status_code == 302
    assert totals("INTERREG corridors")["words"] == 1
    assert totals("interreg") == {"words": 1}
    editor.post(
        "/admin/wording/stopterm/",
        {"action": "put_out_of_force", "_selected_action": StopTerm.objects.get().pk},
    )
    assert totals("interreg corridors")["words"] == 0
    editor.post(f"/admin/wording/stopterm/{StopTerm.objects.get().pk}/delete/", {"post": "yes"})
    assert not StopTerm.objects.exists()


@pytest.mark.parametrize("button", [{}, {"_effect": "1"}])
def test_mistakes_are_said_and_nothing_is_saved(editor: Client, button: dict[str, str]) -> None:
    assert "at least two words" in page(editor, ADD, **synonym("SME"), **button)
    assert "synonym of itself" in page(editor, ADD, **synonym("SME, sme"), **button)
    assert "This field is required" in page(editor, ADD, **synonym(""), **button)
    said = page(editor, ADD_STOP, word="two words", active="on", trial="", **button)
    assert "one word alone" in said
    assert not Synonym.objects.exists()
    assert not StopTerm.objects.exists()


def test_the_effect_without_an_index(editor: Client, settings: Any, tmp_path: Any) -> None:
    settings.HOME = tmp_path / "empty"
    said = page(editor, ADD, **synonym("SME, small enterprise"), _effect="1")
    assert "no index has been built yet" in said


def test_who_may_not_change_may_not_try(client: Client) -> None:
    reader = User.objects.create_user("reader@portal.example", password="secret")
    reader.user_permissions.add(Permission.objects.get(codename="change_synonym"))
    client.force_login(reader)
    refused = (
        client.post(ADD, {**synonym("a, b"), "_effect": "1"}),
        client.get("/admin/wording/synonym/import/"),
        client.get(LIST),
    )
    # On to /admin/login/, which refuses whoever is signed in.
    assert [response.status_code for response in refused] == [302, 302, 302]
    assert client.get(refused[0]["Location"]).status_code == 403
    assert not Synonym.objects.exists()


def test_switched_off(editor: Client, settings: Any) -> None:
    from dataclasses import replace

    Synonym.objects.create(words="SME, small enterprise")
    assert totals("SME") == {"words": 1, "related": 1}
    settings.SITE = replace(settings.SITE, expansion=False)
    assert totals("SME") == {"words": 1, "related": 1}
    settings.SITE = replace(settings.SITE, synonyms=False)
    assert totals("SME") == {"words": 1}
    said = page(editor, ADD, **synonym("river, stream"), _effect="1")
    assert "search.synonyms is off" in said


def test_the_page_says_what_the_editors_say(client: Client) -> None:
    Synonym.objects.create(words="SME, small enterprise")
    Synonym.objects.create(words="SME, piccola impresa", lang="it")
    in_force.look_again()
    content = client.get("/explore", {"q": "SME"}).content.decode()
    said = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", content)).split())
    whose = "for “SME”, from the editors’ synonyms)"
    assert f"Don’t look for small enterprise ({whose}" in said
    assert f"Don’t look for piccola impresa it (Italian {whose}" in said


def test_all_searches_are_compared_or_counted() -> None:
    nothing = in_force.Wording()
    compared = effects(current(), nothing, nothing, [f"word{n}" for n in range(20)])
    assert (len(compared.compared), compared.left) == (15, 5)


def test_from_a_search_without_an_answer_to_a_synonym(editor: Client) -> None:
    reader = Client()
    for _ in range(2):
        search(reader, "KLINIKUM")
    search(reader, "only once")
    search(reader, "hospital")
    said = page(editor, LIST)
    assert "klinikum 2 1 (" in said
    assert "only once" not in said
    assert "1 more was searched for too rarely" in said
    content = editor.get(LIST).content.decode()
    (link,) = re.findall(r'href="(/admin/wording/synonym/add/\?words=[^"]*)"', content)
    form = editor.get(html.unescape(link)).content.decode()
    assert re.search(r"<textarea[^>]*>\s*klinikum, </textarea>", form)

    words = synonym("klinikum, hospital", trial="klinikum")
    before, after = compared(editor, ADD, "klinikum", **words)
    assert (before[0], before[1], after[1], after[3]) == ("0", "0", "1 hospital", TITLES[4])
    editor.post(ADD, words)
    assert "klinikum 2 1 (" in page(editor, LIST)
    search(reader, "klinikum")
    assert Unanswered.objects.get(text="klinikum").times == 2


def test_a_stop_term_says_of_which_search_it_leaves_nothing(editor: Client) -> None:
    reader = Client()
    for _ in range(2):
        search(reader, "zzyzx")
    term = {"word": "zzyzx", "active": "on", "trial": ""}
    assert "“zzyzx” nothing is left" in page(editor, ADD_STOP, **term, _effect="1")
    response = editor.post(ADD_STOP, term, follow=True)
    assert "“zzyzx” nothing is left" in response.content.decode()


def test_what_is_counted_and_what_isnt(client: Client) -> None:
    search(client, "zzyzx")
    search(client, "zzyzx", **{"If-None-Match": '"seen"'})
    search(client, "zzyzx", **{"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"})
    search(client, "zzyzx", **{"User-Agent": ""})
    search(client, "somebody@portal.example")
    search(client, "rail")
    for params in ({"kind": "event"}, {"page": "2"}, {"match": "words"}):
        client.get("/explore", {"q": "zzyzx", **params}, headers={"User-Agent": READER})
    assert [(row.text, row.times) for row in Unanswered.objects.all()] == [("zzyzx", 1)]
    names = {field.name for field in Unanswered._meta.get_fields()}
    assert names == {"id", "text", "day", "times"}


def test_a_corrected_search_found_nothing_as_it_was_typed(client: Client) -> None:
    from tessera.engine.spelling.spellers import spellers

    spellers.of(current(), wait=True)
    search(client, "hosptial")
    assert [row.text for row in Unanswered.objects.all()] == ["hosptial"]


@pytest.mark.parametrize("filters", [{}, {"kind": "event"}])
def test_what_editors_say_is_not_taken_for_mistyped(filters: dict[str, str]) -> None:
    from tessera.engine.spelling.spellers import spellers
    from tessera.search.spelled import spelled_search

    spellers.of(current(), wait=True)
    query = Query("hosptial")
    for name, value in filters.items():
        query = query.with_filter(name, value)
    found = spelled_search(current(), query).correction
    assert found is not None
    assert found.applied
    Synonym.objects.create(words="hosptial, corridors")
    in_force.look_again()
    result = spelled_search(current(), query)
    assert result.correction is None
    assert result.total == (0 if filters else 1)


def test_old_ones_are_forgotten(editor: Client, settings: Any) -> None:
    from dataclasses import replace
    from datetime import timedelta

    from django.utils import timezone

    from tessera.wording.unanswered import forget, missed

    today = timezone.now().date()
    for days in (0, 29, 30, 400):
        day = today - timedelta(days=days)
        Unanswered.objects.create(text="klinikum", day=day, times=1)
    assert "klinikum 2 2 (" in page(editor, LIST)
    assert Unanswered.objects.count() == 2
    Unanswered.objects.create(text="long ago", day=today - timedelta(days=400), times=9)
    assert not missed(holding="ago").exists()
    settings.SITE = replace(settings.SITE, unanswered_days=1)
    assert forget() == 2
    settings.SITE = replace(settings.SITE, unanswered_days=0)
    assert "None are kept" in page(editor, LIST)
    assert not Unanswered.objects.exists()
    search(Client(), "zzyzx")
    assert not Unanswered.objects.exists()


def test_an_editor_forgets_one(editor: Client) -> None:
    for _ in range(2):
        search(Client(), "john doe of nowhere")
    assert "john doe" in page(editor, LIST)
    assert editor.post(LIST, {"_forget": "john doe of nowhere"}).status_code == 302
    assert not Unanswered.objects.exists()


CSV = """kind,words,one_way,lang,active
synonym,"SME, small enterprise",no,,yes
synonym,"transport, rail",yes,en,no
stop,Interreg,no,,yes
"""


def test_out_and_in_again(editor: Client) -> None:
    def sent(content: bytes) -> str:
        file = SimpleUploadedFile("wording.csv", content)
        response = editor.post("/admin/wording/synonym/import/", {"file": file}, follow=True)
        return response.content.decode()

    assert "3 added, 0 changed, 0 as they were" in sent(CSV.encode("utf-8-sig"))
    exported = editor.get("/admin/wording/synonym/export.csv")
    assert b"".join(exported).decode() == CSV
    changed = CSV.replace("SME, small", "small").replace("enterprise", "enterprise, SME")
    assert "0 added, 1 changed, 2 as they were" in sent(changed.encode())
    assert totals("SME") == {"words": 1, "related": 1}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1: expected the columns"),
        (b"words\na\n", "line 1: expected the columns"),
        (CSV.encode() + b"stop,two words,,,\n", "line 5: Give one word alone"),
        (CSV.encode() + b"synonym,a,,,\n", "line 5: Give at least two"),
        (CSV.encode() + b"other,a,,,\n", "line 5: kind is &#x27;other&#x27;"),
        (CSV.encode() + b"stop,a,perhaps,,\n", "line 5: one_way is &#x27;perhaps&#x27;"),
        (CSV.encode() + b"synonym,a,b,c,d,e\n", "line 5: has more fields than columns"),
        (CSV.encode() + b"stop,\xe9t\xe9,,,\n", "line 5: is not UTF-8"),
    ],
)
def test_a_file_with_a_mistake_is_refused(editor: Client, content: bytes, said: str) -> None:
    file = SimpleUploadedFile("wording.csv", content)
    response = editor.post("/admin/wording/synonym/import/", {"file": file})
    assert said in response.content.decode()
    assert not Synonym.objects.exists()
    assert not StopTerm.objects.exists()
