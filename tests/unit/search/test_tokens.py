"""Contrast of every pair that tokens.css declares, in the light and in the dark scheme."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import tessera.site

CSS = (Path(tessera.site.__file__).parent / "static/tessera/tokens.css").read_text("utf-8")
PAIRS = re.findall(r"pair: ([\w-]+) on ([\w-]+) ([\d.]+)", CSS)


def colours(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", css))


LIGHT_CSS, DARK_CSS = CSS.split("@media (prefers-color-scheme: dark)")
LIGHT = colours(LIGHT_CSS)
DARK = {**LIGHT, **colours(DARK_CSS)}


def luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_contrast(scheme: dict[str, str], text: str, ground: str, least: str) -> None:
    assert contrast(scheme[text], scheme[ground]) >= float(least)


def test_every_kind_has_its_colours_and_pairs() -> None:
    from tessera.schema.kinds import KIND_NAMES

    declared = {(text, ground) for text, ground, _ in PAIRS}
    for kind in KIND_NAMES:
        assert ("on-tile", kind) in declared
        assert (kind, "paper") in declared
        assert f"{kind}-tint" in LIGHT and f"{kind}-tint" in colours(DARK_CSS)


def test_the_dark_scheme_sets_every_colour_anew() -> None:
    assert colours(DARK_CSS).keys() == LIGHT.keys()


def test_styles_name_no_colour_but_tokens() -> None:
    for path in (Path(tessera.site.__file__).parent / "static/tessera").glob("*.css"):
        if path.name not in ("tokens.css", "print.css", "admin.css"):
            assert not re.findall(r"#[0-9a-fA-F]{3,8}\b", path.read_text("utf-8")), path.name
