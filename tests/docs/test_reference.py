"""What the code offers stands in docs/reference."""

from __future__ import annotations

import json
import re

import pytest

from tessera.engine.fields import RELEVANCE
from tessera.schema.fields import SCHEMA
from tessera.schema.kinds import KIND_NAMES
from tessera.site.config import VARIABLES
from tessera.site.sitefile import GROUNDS, NAMED, SECTIONS
from tests.docs.commands import commands
from tests.livesite import ROOT, LiveSite

REFERENCE = ROOT / "docs" / "reference"


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def code(name: str) -> set[str]:
    """Everything in backticks on a page."""
    return set(re.findall(r"`([^`\n]+)`", page(name)))


def test_every_variable_is_documented() -> None:
    names = {variable.name for variable in VARIABLES}
    names |= {f"{variable.name}_FILE" for variable in VARIABLES if variable.secret}
    assert names - code("settings.md") == set()


def test_every_documented_variable_is_one() -> None:
    known = {variable.name for variable in VARIABLES}
    known |= {f"{variable.name}_FILE" for variable in VARIABLES if variable.secret}
    assert set(re.findall(r"TESSERA_[A-Z_]+", page("settings.md"))) - known == set()


def test_every_key_of_the_site_file_is_documented() -> None:
    keys = {
        f"{table}.NAME.{key}" if table in NAMED else f"{table}.{key}"
        for table, names in SECTIONS.items()
        for key in names
    }
    assert keys - code("settings.md") == set()


def test_colours_are_judged_on_the_grounds_of_the_tokens() -> None:
    tokens = (ROOT / "src/tessera/site/static/tessera/tokens.css").read_text(encoding="utf-8")
    light, dark = tokens.split("@media (prefers-color-scheme: dark)", 1)
    for name, scheme in (("accent", light), ("accent_dark", dark)):
        stated = dict(re.findall(r"--(\w+):\s*(#[0-9a-f]{6});", scheme))
        grounds = tuple(stated[ground] for ground in ("paper", "surface", "sunken"))
        assert grounds == GROUNDS[name]


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_is_documented_with_its_options(name: str) -> None:
    top = name.split()[0]
    sections = re.split(r"^## tessera ", page("cli.md"), flags=re.MULTILINE)
    section = next((each for each in sections if each.split("\n")[0] == top), None)
    assert section is not None, f"docs/reference/cli.md has no section on tessera {top}"
    if " " in name:
        assert f"`tessera {name}`" in section
    for option in commands()[name]:
        assert f"`{option}" in section, f"tessera {name} {option} is not documented"


def test_every_documented_command_is_there() -> None:
    documented = set(re.findall(r"^## tessera (\w+)$", page("cli.md"), re.MULTILINE))
    assert documented == {name.split()[0] for name in commands()}


def test_every_search_parameter_is_documented() -> None:
    names = {facet.name for facet in SCHEMA.facets} | {"q", "sort", "page", "size", "lang"}
    assert names - code("search-parameters.md") == set()


def test_every_order_is_documented() -> None:
    orders = {order.name for order in SCHEMA.sorts} | {RELEVANCE}
    assert orders - code("search-parameters.md") == set()


def test_every_kind_is_documented() -> None:
    assert set(KIND_NAMES) - code("interchange.md") == set()


def test_every_address_of_the_api_is_documented(demo_site: LiveSite) -> None:
    status, body = demo_site.get("/api/v1/openapi.json")
    assert status == 200
    paths = set(json.loads(body)["paths"])
    assert paths
    for path in paths:
        assert path in page("api.md"), f"{path} is not documented in docs/reference/api.md"
