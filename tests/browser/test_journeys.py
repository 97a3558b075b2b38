"""The main job from beginning to end: with a mouse, by keyboard alone, without JavaScript."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Visitor


def total(page: Page) -> int:
    """The number in the page's heading."""
    found = re.search(r"\d[\d,.\s]*", page.locator("h1").inner_text())
    return int(re.sub(r"\D", "", found[0])) if found else 0


def test_without_javascript_everything_works(visitor: Visitor) -> None:
    visit = visitor(java_script_enabled=False)
    page = visit.go("/")
    page.get_by_role("searchbox").fill("cluster")
    page.get_by_role("button", name="Search").click()
    assert visit.path == "/explore?q=cluster"
    everything = total(page)
    assert everything > 20

    page.get_by_role("link", name="Next page").click()
    assert "page=2" in visit.path
    assert total(page) == everything

    visit.back()
    page.get_by_role("navigation", name="Kinds of results").get_by_role(
        "link", name="Projects"
    ).click()
    assert "kind=project" in visit.path
    projects = total(page)
    assert 0 < projects < everything

    facet = page.locator("[data-facet=country]")
    if facet.get_attribute("open") is None:
        facet.locator("summary").click()
    choice = facet.locator(".choice").first
    count = int(choice.locator(".count").inner_text())
    choice.get_by_role("checkbox").check()
    page.locator("#filters").get_by_role("button", name=re.compile("Show|Apply")).first.click()
    assert "country=" in visit.path
    assert total(page) == count

    page.get_by_role("link", name=re.compile("^Remove Country")).click()
    assert total(page) == projects

    page.locator(".card h3 a, .card h2 a").first.click()
    assert re.match(r"/project/", visit.path)
    expect(page.locator("h1")).to_be_visible()


def test_by_keyboard_alone(visitor: Visitor) -> None:
    visit = visitor()
    page = visit.go("/explore")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to content")
    expect(page.locator(":focus")).to_be_visible()

    for _ in range(12):
        if page.locator(":focus").get_attribute("id") == "q":
            break
        page.keyboard.press("Tab")
    page.keyboard.type("cluster")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"q=cluster"))
    expect(page.locator("h1")).to_contain_text("cluster")
    everything = total(page)

    page.locator("#f-kind-project").focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"kind=project"))
    expect(page.locator("#announce")).to_contain_text("cluster")
    expect(page.locator("#f-kind-project")).to_be_focused()
    expect(page.locator("#f-kind-project")).to_be_checked()
    assert total(page) < everything

    for _ in range(200):
        page.keyboard.press("Tab")
        if page.locator(":focus").evaluate("each => each.closest('.card') !== null"):
            break
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/project/"))


def test_suggestions_by_keyboard(visitor: Visitor) -> None:
    visit = visitor()
    page = visit.go("/")
    field = page.get_by_role("combobox")
    field.focus()
    page.keyboard.type("clus", delay=20)
    options = page.get_by_role("option")
    options.first.wait_for()
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".search-field [role=status]")).to_contain_text("suggestion")

    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    first = options.first.get_attribute("id")
    expect(field).to_have_attribute("aria-activedescendant", first or "")
    page.keyboard.press("ArrowUp")
    expect(field).not_to_have_attribute("aria-activedescendant", re.compile(".+"))
    page.keyboard.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("clus")

    page.keyboard.type("t", delay=20)
    options.first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile(r"/$"))
    assert re.match(r"/(\w+/.+|explore\?)", visit.path)


def test_results_change_in_place_with_the_address_and_the_back_button(visitor: Visitor) -> None:
    visit = visitor()
    page = visit.go("/explore?q=cluster")
    page.evaluate("window.sameDocument = true")
    everything = total(page)

    page.locator("#f-kind-event").check()
    expect(page).to_have_url(re.compile(r"kind=event"))
    events = total(page)
    assert events < everything
    page.locator("#f-kind-news").check()
    expect(page).to_have_url(re.compile(r"kind=news"))
    both = total(page)
    assert both > events
    assert page.evaluate("window.sameDocument") is True

    visit.back()
    expect(page).not_to_have_url(re.compile(r"kind=news"))
    expect(page.locator("#f-kind-news")).not_to_be_checked()
    assert total(page) == events
    visit.back()
    expect(page.locator("#f-kind-event")).not_to_be_checked()
    assert total(page) == everything
    page.go_forward()
    expect(page.locator("#f-kind-event")).to_be_checked()
    assert total(page) == events

    shown = visit.path
    page.reload()
    assert visit.path == shown
    assert total(page) == events


def test_the_way_back_from_a_record_leads_to_the_search(visitor: Visitor) -> None:
    visit = visitor()
    page = visit.go("/explore?q=cluster")
    page.locator("#f-kind-project").check()
    expect(page).to_have_url(re.compile(r"kind=project"))
    shown, found = visit.path, total(page)
    page.locator(".card h3 a, .card h2 a").first.click()
    expect(page).to_have_url(re.compile(r"/project/"))
    visit.back()
    expect(page.locator("#f-kind-project")).to_be_checked()
    assert (visit.path, total(page)) == (shown, found)


def test_every_count_in_a_long_page_is_the_size_of_its_list(visitor: Visitor) -> None:
    visit = visitor(java_script_enabled=False)
    page = visit.go("/explore?q=cluster")
    tabs = page.get_by_role("navigation", name="Kinds of results").get_by_role("link")
    counts = {}
    for tab in tabs.all():
        counts[tab.get_attribute("href")] = int(tab.locator(".count").inner_text())
    assert len(counts) > 5
    for address, count in counts.items():
        visit.go(address or "")
        assert total(page) == count, address


def test_filters_open_in_a_sheet_on_a_phone(visitor: Visitor) -> None:
    visit = visitor(viewport=PHONE)
    page = visit.go("/explore?q=cluster")
    expect(page.locator("#f-kind-project")).not_to_be_in_viewport()
    opener = page.locator(".open-filters")
    opener.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.locator("#f-kind-project").check()
    expect(page).to_have_url(re.compile(r"kind=project"))
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".open-filters")).to_be_focused()


def test_a_question_in_one_language_finds_another_and_says_how(visitor: Visitor) -> None:
    visit = visitor(java_script_enabled=False)
    page = visit.go("/explore")
    page.get_by_role("searchbox").fill("vesi koulu")
    page.get_by_role("button", name="Search").click()
    everything = total(page)
    expect(page.locator("#account")).to_have_text("No record has all of these words.")
    expect(page.locator("h2.way")).to_contain_text(f"In other words or languages: {everything} ")
    expect(page.locator(".card mark").first).to_be_visible()

    page.locator("#added summary").click()
    name = "Don’t look for school (English for “koulu”, from texts in both languages)"
    page.get_by_role("link", name=name).click()
    assert "without=school" in visit.path
    fewer = total(page)
    assert fewer < everything

    page.locator(".facet[data-facet=kind]").get_by_label("Files").check()
    page.locator("#filters").get_by_role("button", name=re.compile("Show")).first.click()
    assert "without=school" in visit.path and "typed=" not in visit.path
    visit.back()
    page.get_by_role("link", name="not: school (look for it again)").click()
    assert visit.path == "/explore?q=vesi%20koulu"
    assert total(page) == everything

    page.get_by_role("searchbox").fill("vesi metsä")
    page.get_by_role("button", name="Search").click()
    assert "without" not in visit.path and "typed" not in visit.path


def test_only_the_words_as_typed_and_back(visitor: Visitor) -> None:
    page = visitor(java_script_enabled=False).go("/explore?q=water")
    everything = total(page)
    page.get_by_role("link", name="Only records with all the words as typed").click()
    assert 0 < total(page) < everything
    expect(page.locator("h2.way")).to_have_count(0)
    page.get_by_role("link", name=re.compile("^Remove Only: all words as typed")).click()
    assert total(page) == everything


def test_related_words_by_keyboard_said_once(visitor: Visitor) -> None:
    page = visitor().go("/explore?q=water")
    everything = total(page)
    page.locator("#added summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_contain_text("Don’t look for ")
    removed = page.locator(":focus [lang]").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator(".unwanted")).to_contain_text(f"not: {removed}")
    expect(page.locator("#added")).to_be_focused()
    assert page.locator("#added-words").evaluate("each => each.open")
    said = page.locator("#announce").inner_text()
    assert said == f"{page.locator('h1').inner_text()} {page.locator('#account').inner_text()}"
    assert said.count(str(total(page))) == 1
    page.locator(".unwanted").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".unwanted")).to_have_count(0)
    assert total(page) == everything
