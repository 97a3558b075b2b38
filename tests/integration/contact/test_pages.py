"""The pages of messages: what is kept, what is refused, and what isn't one's own."""

from __future__ import annotations

import re
import uuid
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest
from django.core import mail
from django.test import Client

from tessera.accounts.models import Profile, User
from tessera.contact import people
from tessera.contact.forms import MOST_WORDS
from tessera.contact.models import MOST_CHARACTERS, Block, Message, Party, Report, Standing, Thread
from tessera.contact.writing import send
from tests.integration.contact.conftest import Make, page_of, signed_in

pytestmark = pytest.mark.django_db

TO_BO = "/account/messages/to/member:bo/"


def text_of(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def test_a_message_is_sent_told_and_answered(ada: User, bo: User) -> None:
    hers, his = signed_in(ada), signed_in(bo)
    page = text_of(hers.get(TO_BO))
    assert "Message to Bo Zq7x" in page
    assert "your name, Ada Zq7x" in page
    assert "4,000 characters" in page
    done = hers.post(TO_BO, {"text": "Shall we?\r\nIn spring."})
    thread = Thread.objects.get()
    assert done.url == f"/account/messages/{thread.pk}/"
    assert Message.objects.get().text == "Shall we?\nIn spring."
    (notice,) = mail.outbox
    assert notice.to == [bo.email]
    assert notice.subject == "Tessera: a message from Ada Zq7x"
    assert "> Shall we?\n> In spring." in notice.body
    assert f"http://testserver/account/messages/{thread.pk}/" in notice.body
    assert set(notice.extra_headers) == {"Auto-Submitted"}
    assert notice.reply_to == []
    assert ada.email not in str(notice.message())
    assert Message.objects.get().noticed_at is not None
    assert "Messages (1 new)" in text_of(his.get("/account/"))
    page = text_of(his.get(done.url))
    assert "Shall we?<br>In spring." in page
    assert "Messages (1 new)" not in text_of(his.get("/account/"))
    his.post(done.url, {"text": "Yes"})
    assert mail.outbox[1].to == [ada.email]
    assert 'class="badge">new' in text_of(hers.get("/account/messages/"))
    assert hers.get(TO_BO).url == done.url


def test_a_visitor_signs_in_first_and_comes_back(bo: User) -> None:
    for uid in ("member:bo", "member:never"):
        answer = Client().get(f"/account/messages/to/{uid}/")
        assert unquote(answer.url) == f"/account/login/?next=/account/messages/to/{uid}/"


def test_who_isn_t_published_is_like_who_never_was(ada: User, make: Make) -> None:
    make("hid", published=False)
    make("nameless", visibility={})
    hers = signed_in(ada)
    pages = []
    for uid in ("member:hid", "member:nameless", "member:never"):
        for answer in (hers.get(f"/account/messages/to/{uid}/"),
                       hers.post(f"/account/messages/to/{uid}/", {"text": "x"})):  # fmt: skip
            assert answer.status_code == 404
            pages.append(page_of(answer, uid))
    assert len(set(pages)) == 1


def test_a_name_is_asked_for_and_the_text_stays(make: Make, bo: User) -> None:
    her = make("nameless", published=False, name="")
    client = signed_in(her)
    page = text_of(client.get(TO_BO))
    assert 'name="name"' in page
    page = text_of(client.post(TO_BO, {"text": "My words", "name": " \u200b "}))
    assert "My words</textarea>" in page
    assert 'href="#id_name"' in page
    client.post(TO_BO, {"text": "My words", "name": "Ann\nOne"})
    assert Profile.objects.get(user=her).name == "Ann One"
    assert Message.objects.get().name == "Ann One"
    assert 'name="name"' not in text_of(client.get(TO_BO, follow=True))


def test_a_text_has_bounds(ada: User, bo: User) -> None:
    hers = signed_in(ada)
    for text, said in (("", "required"), ("x" * (MOST_CHARACTERS + 1), "4001 characters")):
        page = text_of(hers.post(TO_BO, {"text": text}))
        assert said in page
        assert f"{text}</textarea>" in page
    assert not Message.objects.exists()
    hers.post(TO_BO, {"text": "\r\n".join("x" * (MOST_CHARACTERS // 2))[:-1] + "x"})
    assert Message.objects.get()


def test_a_message_has_the_hygiene_of_what_is_imported(ada: User, bo: User) -> None:
    sent = "\u202eevil\x07 K√§rnten\u200b\r\n\r\n\r\n\r\n <b>x</b> &amp;\x00 \r\n"
    path = signed_in(ada).post(TO_BO, {"text": sent}).url
    message = Message.objects.get()
    assert message.text == "evil Kärnten\n\n<b>x</b> &amp;"
    assert "> evil Kärnten\n> \n> <b>x</b>" in mail.outbox[0].body
    signed_in(bo).post(f"{path}report/{message.pk}/", {"reason": "insult", "words": "a\u202e  b"})
    assert Report.objects.get().words == "a b"
    assert "required" in text_of(signed_in(bo).post(path, {"text": "\u200b\x07 "}))


def test_it_is_chosen_along_with_publishing_who_may_write(make: Make) -> None:
    user = make("zoe", published=False, reachable=False)
    client, path = signed_in(user), "/account/profile/publish/"

    def log() -> list[bool]:
        return list(user.consents.filter(what="contact").values_list("given", flat=True))

    page = unescape(text_of(client.get(path)))
    assert "May people write to you?" in page and str(people.REACHABLE.text) in page
    assert re.search(r'name="contact" value="no"[^>]* checked', page)
    assert client.post(path, {"contact": "maybe"}).status_code == 200
    assert not Profile.objects.get(user=user).published
    for sent, agrees, logged in (
        ({"contact": "no"}, False, []), ({"contact": "yes"}, True, [True]),
        ({}, True, [True]), ({"contact": "no"}, False, [True, False]),
    ):  # fmt: skip
        assert client.post(path, sent).status_code == 302
        assert Profile.objects.get(user=user).published
        assert (people.agrees(user), log()) == (agrees, logged)
    people.choose(user, True)
    assert re.search(r'name="contact" value="yes"[^>]* checked', text_of(client.get(path)))
    said = user.consents.filter(what="contact").last()
    assert said is not None and said.text == str(people.REACHABLE.text)


def test_a_refusal_says_from_when_and_keeps_the_text(settings: Any, ada: User, bo: User) -> None:
    from tests.integration.contact.test_writing import rules

    rules(settings, messages_per_day=1)
    thread = send(ada, bo, "one").thread_id
    hers = signed_in(ada)
    page = text_of(hers.get(f"/account/messages/{thread}/"))
    assert "You can write again from" in page
    assert "<textarea" not in page
    page = text_of(hers.post(f"/account/messages/{thread}/", {"text": "Typed words"}))
    assert "You can write again from" in page
    assert "Typed words</textarea>" in page
    assert Message.objects.count() == 1
    assert not mail.outbox


def test_the_same_is_said_to_the_blocked_and_where_nobody_may_write(
    ada: User, bo: User, make: Make
) -> None:
    off = make("zoe", reachable=False)
    first = send(ada, bo, "hello")
    his, hers = signed_in(bo), signed_in(ada)
    done = his.post(f"/account/messages/{first.thread_id}/block/")
    assert "You blocked them" in text_of(his.get(done.url))
    Thread.objects.all().delete()
    pages = []
    for other in ("bo", "zoe"):
        for method in (hers.get, hers.post):
            answer = method(f"/account/messages/to/member:{other}/", {"text": "hm"})
            page = page_of(answer, f"{other.title()} Zq7x", f"member:{other}")
            assert "take messages" in page
            pages.append(page)
    assert pages[0] == pages[2]
    assert pages[1] == pages[3]
    assert "block" not in pages[1].lower()
    assert off.email not in "".join(pages)
    assert not mail.outbox
    number = Block.objects.get().pk
    assert "Ada Zq7x" in text_of(his.get("/account/messages/"))
    his.post(f"/account/messages/blocked/{number}/end/")
    assert hers.post(TO_BO, {"text": "again"}).status_code == 302


def test_an_address_is_shown_by_its_owners_act_alone(ada: User, bo: User, make: Make) -> None:
    thread = send(ada, bo, "hello").thread_id
    other = send(make("cy"), ada, "hello").thread_id
    path = f"/account/messages/{thread}/"
    his, hers = signed_in(bo), signed_in(ada)
    assert ada.email not in text_of(his.get(path))
    hers.post(f"{path}address/", {"act": "give"})
    assert ada.email in text_of(his.get(path))
    assert "You gave them" in text_of(hers.get(path))
    for page in (his.get("/account/messages/"), his.get("/account/data/my-data.json")):
        assert ada.email not in text_of(page)
    cys = signed_in(User.objects.get(email__startswith="cy"))
    assert ada.email not in text_of(cys.get(f"/account/messages/{other}/"))
    User.objects.filter(pk=ada.pk).update(email="ada-later@mailbox.example")
    assert "ada-later" not in text_of(his.get(path))
    hers.post(f"{path}address/", {"act": "take"})
    assert ada.email not in text_of(his.get(path))


def test_what_isn_t_ones_own_never_was(ada: User, bo: User, make: Make) -> None:
    message = send(ada, bo, "hello")
    block = Block.objects.create(by=ada, whom=make("cy"))
    eve = signed_in(make("eve"))
    for thread, number, blocked in (
        (message.thread_id, message.pk, block.pk), (uuid.uuid4(), 10**9, 10**9),
    ):  # fmt: skip
        path = f"/account/messages/{thread}/"
        for method, address in (
            (eve.get, path), (eve.post, path), (eve.post, f"{path}address/"),
            (eve.post, f"{path}block/"), (eve.get, f"{path}report/{number}/"),
            (eve.get, f"{path}delete/"), (eve.post, f"{path}delete/"),
            (eve.post, f"{path}report/{number}/"),
            (eve.post, f"/account/messages/blocked/{blocked}/end/"),
        ):  # fmt: skip
            sent = {"text": "x", "act": "give", "reason": "insult"}
            assert method(address, sent).status_code == 404, address
    assert not Report.objects.exists()
    assert Block.objects.get() == block
    assert not Party.objects.exclude(deleted_to=0).exists()
    # One's own message is nothing to report; nor is one of another conversation.
    own = f"/account/messages/{message.thread_id}/report/{message.pk}/"
    assert signed_in(ada).post(own, {"reason": "insult"}).status_code == 404
    elsewhere = send(bo, make("di"), "hello")
    path = f"/account/messages/{message.thread_id}/report/{elsewhere.pk}/"
    assert signed_in(bo).post(path, {"reason": "insult"}).status_code == 404


def test_visitors_and_forged_forms_change_nothing(ada: User, bo: User) -> None:
    message = send(ada, bo, "hello")
    path = f"/account/messages/{message.thread_id}/"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(bo)
    posts = (path, TO_BO, f"{path}address/", f"{path}block/", f"{path}report/{message.pk}/",
             f"{path}delete/",
             "/account/messages/choice/", "/account/messages/blocked/1/end/")  # fmt: skip
    for each in posts:
        assert strict.post(each, {"text": "x", "reachable": "no"}).status_code == 403, each
        assert Client().post(each, {"text": "x"}).url.startswith("/account/login/?next="), each
    for each in (*posts[2:4], *posts[6:]):
        assert signed_in(bo).get(each).status_code == 405, each
    assert Message.objects.count() == 1
    assert not Party.objects.exclude(deleted_to=0).exists()
    assert people.agrees(bo)


def test_no_way_leads_elsewhere(ada: User, bo: User) -> None:
    hers = signed_in(ada)
    for path in (TO_BO, "/account/messages/choice/"):
        done = hers.post(f"{path}?next=https://evil.example/", {
            "text": "x", "next": "https://evil.example/", "reachable": "yes"})  # fmt: skip
        assert done.url.startswith("/account/messages/"), path


def test_what_people_write_is_text(ada: User, bo: User) -> None:
    hostile = "<script>alert(1)</script> https://evil.example/ \" onload='x"
    Profile.objects.filter(user=ada).update(name=f"Ada {hostile}")
    hers, his = signed_in(ada), signed_in(bo)
    path = hers.post(TO_BO, {"text": hostile}).url
    message = Message.objects.get()
    for page in (his.get(path), hers.get(path), his.get("/account/messages/"),
                 his.get(f"{path}report/{message.pk}/")):  # fmt: skip
        shown = text_of(page)
        assert "<script>alert" not in shown
        assert "evil.example" in shown
        assert 'href="https://evil' not in shown


def test_a_name_ends_no_header(ada: User, bo: User) -> None:
    Profile.objects.filter(user=ada).update(name="Ada\r\nBcc: eve@evil.example\u2028\u202e")
    done = signed_in(ada).post(TO_BO, {"text": "From: x\n.\nhello"})
    assert done.status_code == 302
    (notice,) = mail.outbox
    assert notice.subject == "Tessera: a message from Ada Bcc: eve@evil.example"
    assert notice.recipients() == [bo.email]
    assert notice.message()["Bcc"] is None


def test_who_is_stopped_is_told_so(ada: User, bo: User) -> None:
    from django.utils import timezone

    Standing.objects.filter(user=ada).update(stopped_at=timezone.now())
    page = text_of(signed_in(ada).post(TO_BO, {"text": "hello"}))
    assert "Editors of this site have stopped you" in page
    assert "stopped you from writing" in text_of(signed_in(ada).get("/account/messages/"))
    assert not Message.objects.exists()


def test_a_report_reaches_the_queue_once(ada: User, bo: User) -> None:
    message = send(ada, bo, "hello")
    path = f"/account/messages/{message.thread_id}/report/{message.pk}/"
    his = signed_in(bo)
    assert "Nothing was saved yet" in text_of(his.post(path, {"words": "Rude!"}))
    page = text_of(his.post(path, {"reason": "insult", "words": "x" * (MOST_WORDS + 1)}))
    assert "Nothing was saved yet" in page
    for _ in range(2):
        done = his.post(path, {"reason": "insult", "words": "Rude!"})
        assert "You reported this message" in text_of(his.get(done.url))
    report = Report.objects.get()
    assert (report.reason, report.words, report.by.user) == ("insult", "Rude!", bo)


def test_there_is_a_page_for_many_conversations(ada: User, make: Make, settings: Any) -> None:
    from tessera.contact import views

    for n in range(views.ON_A_PAGE + 1):
        send(make(f"o{n}", published=False, reachable=False), ada, "hello")
    hers = signed_in(ada)
    first, second = (text_of(hers.get(f"/account/messages/?page={n}")) for n in (1, 2))
    assert "Page 1 of 2" in first
    assert "O0 Zq7x" in second
    assert "O0 Zq7x" not in first
