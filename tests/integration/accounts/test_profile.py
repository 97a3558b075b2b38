"""What people say of themselves: stored as meant, by its owner alone, with what was agreed to."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from tessera.accounts.models import Consent, Profile, User
from tessera.accounts.profiles.consents import PURPOSES
from tessera.accounts.profiles.forms import GROUPS
from tessera.accounts.profiles.orcid import normal_orcid
from tessera.accounts.profiles.saving import publish
from tessera.accounts.profiles.visibility import FIELDS, Seen
from tessera.records.models import Record

pytestmark = pytest.mark.django_db

ABOUT = {"name": "Ada Byron", "orcid": "", "see_name": "everyone", "see_orcid": "nobody",
         "see_languages": "nobody"}  # fmt: skip


def save(client: Client, slug: str, sent: dict[str, Any]) -> Profile:
    done = client.post(f"/account/profile/{slug}/", sent)
    assert done.status_code == 302, done.content.decode()
    return Profile.objects.get()


def refused(client: Client, slug: str, sent: dict[str, Any], why: str) -> str:
    answer = client.post(f"/account/profile/{slug}/", sent)
    assert answer.status_code == 200
    page = str(answer.content.decode())
    assert why in page
    assert "Nothing was saved yet" in page
    return page


@pytest.mark.parametrize("slug", list(GROUPS))
def test_every_page_opens_and_asks_for_no_address(client: Client, ada: User, slug: str) -> None:
    page = client.get(f"/account/profile/{slug}/").content.decode()
    assert "Nobody but you sees this profile" in page
    assert 'type="email"' not in page
    assert not Profile.objects.exists(), "looking stores nothing"


def test_nobody_is_what_holds_by_default(client: Client, ada: User) -> None:
    profile = save(client, "about", ABOUT | {"see_name": "nobody"})
    assert {profile.seen(field) for field in FIELDS} == {Seen.NOBODY}
    assert [getattr(profile, name) for name in PURPOSES] == [False] * len(PURPOSES)
    assert not Consent.objects.exists()


def test_each_field_has_a_switch(client: Client, ada: User) -> None:
    pages = "".join(client.get(f"/account/profile/{slug}/").content.decode() for slug in GROUPS)
    for field in FIELDS:
        assert f'name="see_{field}" value="nobody"' in pages


def test_groups_are_saved_by_themselves(client: Client, ada: User) -> None:
    save(client, "about", ABOUT | {"languages": ["de", "it"]})
    profile = save(client, "place", {
        "country": "IT", "region": "Friuli-Venezia Giulia", "see_country": "members",
        "see_region": "nobody",
    })  # fmt: skip
    assert (profile.name, profile.languages) == ("Ada Byron", ["de", "it"])
    assert (profile.country, profile.region) == ("IT", "ITH4")
    assert profile.visibility == {"name": "everyone", "country": "members"}


def test_what_is_shown_to_more_or_fewer_is_logged(client: Client, ada: User) -> None:
    for seen in ("everyone", "everyone", "members", "nobody"):
        save(client, "about", ABOUT | {"see_name": seen})
    said = list(Consent.objects.values_list("what", "extent", "given"))
    assert said == [("field:name", "everyone", True), ("field:name", "members", True),
                    ("field:name", "nobody", False)]  # fmt: skip


def test_purposes_are_given_and_taken_back_one_by_one(client: Client, ada: User) -> None:
    save(client, "purposes", {"newsletter": "on"})
    profile = save(client, "purposes", {"recommended": "on"})
    assert (profile.search_engines, profile.newsletter, profile.recommended) == (False, False, True)
    rows = list(Consent.objects.values_list("what", "given", "version", "text"))
    assert [(what, given) for what, given, _, _ in rows] == [
        ("newsletter", True), ("recommended", True), ("newsletter", False)
    ]  # fmt: skip
    for what, _, version, text in rows:
        assert (version, text) == (PURPOSES[what].version, str(PURPOSES[what].text))
        assert text in client.get("/account/profile/purposes/").content.decode()


def test_the_log_is_only_ever_added_to(client: Client, ada: User) -> None:
    save(client, "purposes", {"recommended": "on"})
    row = Consent.objects.get()
    for change in (row.save, row.delete, Consent.objects.all().delete,
                   lambda: Consent.objects.update(given=False),
                   lambda: Consent.objects.bulk_update([row], ["given"])):  # fmt: skip
        with pytest.raises(TypeError):
            change()
    assert Consent.objects.get().given


def test_more_than_a_group_asks_for_is_not_taken(client: Client, ada: User) -> None:
    other = User.objects.create_user("eve@portal.example")
    profile = save(client, "about", ABOUT | {
        "user": other.pk, "user_id": other.pk, "is_staff": "on", "published": "on", "photo": "x",
        "visibility": '{"orcid": "everyone"}', "see_country": "everyone", "country": "IT",
    })  # fmt: skip
    ada.refresh_from_db()
    assert (profile.user_id, ada.is_staff, profile.published, profile.photo) == (
        ada.pk, False, False, ""
    )  # fmt: skip
    assert (profile.country, profile.visibility) == ("", {"name": "everyone"})


def test_nobody_reaches_anothers_profile(client: Client, ada: User) -> None:
    save(client, "about", ABOUT | {"name": "Unmistakable Ada"})
    eve = Client()
    eve.force_login(User.objects.create_user("eve@portal.example"))
    paths = ["/account/profile/", "/account/data/", "/account/data/my-data.json",
             *(f"/account/profile/{slug}/" for slug in GROUPS),
             *(f"/account/profile/seen-by/{seen}/" for seen in ("members", "everyone")),
             ]  # fmt: skip
    for path in paths:
        assert client.get(path).status_code == 200, path
        assert "Unmistakable" not in eve.get(path).content.decode(), path
        assert Client().get(path).status_code == 302, path
        assert client.get(path)["Cache-Control"] == "private, no-store"
    eve.post("/account/profile/about/", ABOUT | {"name": "Eve", "user": ada.pk})
    assert Profile.objects.get(user=ada).name == "Unmistakable Ada"


def test_previews_show_what_each_audience_would_see(client: Client, ada: User) -> None:
    save(client, "about", ABOUT | {"orcid": "0000-0002-1825-0097", "see_orcid": "members",
                                   "languages": ["mt"]})  # fmt: skip
    everyone = client.get("/account/profile/seen-by/everyone/").content.decode()
    members = client.get("/account/profile/seen-by/members/").content.decode()
    assert "Ada Byron" in everyone and "Ada Byron" in members
    assert "0000-0002-1825-0097" in members and "0000-0002-1825-0097" not in everyone
    assert "Maltese" not in members + everyone
    assert client.get("/account/profile/seen-by/nobody/").status_code == 404


def test_what_is_wrong_is_said_and_stays_as_typed(client: Client, ada: User) -> None:
    page = refused(client, "about", ABOUT | {"orcid": "0000-0002-1825-0098"}, "no ORCID iD")
    assert 'value="Ada Byron"' in page and 'value="0000-0002-1825-0098"' in page
    assert 'value="everyone" ' in page
    assert not Profile.objects.exists()
    for link in ("http://ada.example", "javascript:alert(1)", "https://a:b@ada.example", "ada"):
        offer = {"links": f"https://ada.example\n{link}", "see_links": "nobody",
                 "see_can_offer": "nobody"}  # fmt: skip
        refused(client, "offer", offer, "no address that begins with https://")
    place = {"country": "AT", "region": "ITH4", "see_country": "nobody", "see_region": "nobody"}
    refused(client, "place", place, "in another country")
    refused(client, "place", place | {"region": "Atlantis"}, "This region is not known")
    refused(client, "about", ABOUT | {"see_name": "the moon"}, "Select a valid choice")


def test_what_is_typed_has_the_hygiene_of_what_is_imported(client: Client, ada: User) -> None:
    """Stored, shown to the owner and published is the same."""
    switches = {f"see_{each}": "everyone" for each in (
        "name", "organisation", "can_offer", "links", "texts", "looking_for")}  # fmt: skip
    for slug, sent in {
        "about": {"name": " Ada\u202e  \x07K√§rnten\u200b\n", "see_orcid": "nobody",
                  "see_languages": "nobody"},
        "organisation": {"organisation_name": "Stadt\tMÃ¼nchen\ufeff",
                         "see_representing": "nobody"},
        "offer": {"can_offer": "One\r\n\r\n\r\n\r\ntwo\u2066\x00 \xad", "links": ""},
        "interests": {"seeks_calls": "Call\u2028 \x1b two\u202d\r\n\u200b",
                      "see_interested_in": "nobody"},
        "text": {"lang_0": "en", "text_0": "the beneficiariesâ€™  costs <50 staff &amp; \u200dx"},
    }.items():  # fmt: skip
        done = client.post(f"/account/profile/{slug}/", sent | switches)
        assert done.status_code == 302, done.content.decode()
    mine = Profile.objects.get(user=ada)
    assert mine.name == "Ada Kärnten"
    assert mine.organisation_name == "Stadt München"
    assert mine.can_offer == "One\n\ntwo"
    assert mine.seeks_calls == ["Call", "two"]
    assert mine.texts == {"en": "the beneficiaries’ costs <50 staff &amp; \u200dx"}
    assert "Ada Kärnten" in client.get("/account/profile/").content.decode()
    publish(ada, {}, {})
    data = Record.objects.get(kind="person").data
    assert data["title"] == {"und": mine.name} and data["text"] == mine.texts


def test_a_text_is_counted_as_it_is_stored(client: Client, ada: User) -> None:
    switches = {"see_name": "nobody", "see_orcid": "nobody", "see_languages": "nobody"}
    for name, status in (("\ufb01" * 101, 200), ("\u202e" * 300 + "\ufb01" * 100, 302)):
        assert (
            client.post("/account/profile/about/", {"name": name} | switches).status_code == status
        )
    assert Profile.objects.get(user=ada).name == "fi" * 100


def test_texts_in_several_languages(client: Client, ada: User) -> None:
    first = {"lang_0": "de", "text_0": "Guten Tag", "see_texts": "nobody"}
    save(client, "text", first)
    profile = save(client, "text", first | {"lang_1": "el", "text_1": "Καλημέρα"})
    assert profile.texts == {"de": "Guten Tag", "el": "Καλημέρα"}
    refused(client, "text", first | {"lang_1": "de", "text_1": "Servus"}, "already")
    refused(client, "text", first | {"lang_1": "", "text_1": "Servus"}, "which language")
    assert save(client, "text", first | {"text_0": ""}).texts == {}


def test_an_organisation_of_the_site_or_in_words(client: Client, ada: User, deliver: Any) -> None:
    uid = "org:port"
    deliver([{"id": uid, "kind": "organisation", "title": {"en": "Port of Trieste"}}])
    sent = {"organisation_name": "port trieste", "see_organisation": "nobody",
            "see_representing": "nobody"}  # fmt: skip
    profile = save(client, "organisation", sent)
    assert (profile.organisation_uid, profile.organisation_name) == ("", "port trieste")
    assert f'value="{uid}"' in client.get("/account/profile/organisation/").content.decode()
    profile = save(client, "organisation", sent | {"record": uid})
    assert (profile.organisation_uid, profile.organisation_name) == (uid, "Port of Trieste")
    profile = save(client, "organisation", sent | {"organisation_name": "Elsewhere", "record": uid})
    assert (profile.organisation_uid, profile.organisation_name) == ("", "Elsewhere")


def test_an_institution_is_not_asked_after(client: Client, ada: User) -> None:
    SocialAccount.objects.create(user=ada, provider="ministry", uid="1", extra_data={
        "userinfo": {"name": "Ada of the Ministry", "address": {"country": "Slovenia"}}
    })  # fmt: skip
    page = client.get("/account/profile/about/").content.decode()
    assert 'value="Ada of the Ministry"' in page and "your institution said" in page
    assert '<option value="SI" selected' in client.get("/account/profile/place/").content.decode()
    assert not Profile.objects.exists()
    save(client, "about", ABOUT)
    assert "Ministry" not in client.get("/account/profile/about/").content.decode()


@pytest.mark.parametrize("slug", ["about", "offer", "text", "organisation"])
def test_nothing_typed_becomes_markup(client: Client, ada: User, slug: str) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x>"
    sent = {f"see_{field}": "everyone" for field in FIELDS} | {
        "name": evil, "can_offer": evil, "lang_0": "en", "text_0": evil, "organisation_name": evil
    }  # fmt: skip
    save(client, slug, sent)
    for path in ("/account/profile/", f"/account/profile/{slug}/", "/account/data/",
                 "/account/profile/seen-by/everyone/"):  # fmt: skip
        assert "<script>alert" not in client.get(path).content.decode()
        assert "<img src=x" not in client.get(path).content.decode()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("https://orcid.org/0000-0002-1694-233X", "0000-0002-1694-233X"),
        ("000000021694233x", "0000-0002-1694-233X"),
        ("0000-0002-1825-0079", None),
        ("0000-0002-1825-009", None),
        ("https://evil.example/0000-0002-1825-0097", None),
        ("٠٠٠٠-٠٠٠٢-١٨٢٥-٠٠٩٧", None),
    ],
)
def test_orcid_ids_are_checked(written: str, meant: str | None) -> None:
    assert normal_orcid(written) == meant
