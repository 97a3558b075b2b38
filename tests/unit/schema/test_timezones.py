from __future__ import annotations

import pytest

from tessera.schema.document import moment
from tessera.schema.timezones import time_zone


@pytest.mark.parametrize(
    "name",
    ["", "Europe", "Europe/Atlantis", "Euro" + "9" * 400, "../../etc/passwd", "/etc", "a\0b",
     "\ud800", "W. Europe Standard Time"],
)  # fmt: skip
def test_what_is_no_zone_is_none(name: str) -> None:
    assert time_zone(name) is None
    assert moment("2026-06-15T12:00:00", name) == moment("2026-06-15T12:00:00+00:00", "")


def test_a_zone_is_found_by_its_name() -> None:
    assert str(time_zone("Europe/Vilnius")) == "Europe/Vilnius"
    vilnius = moment("2026-06-15T12:00:00", "Europe/Vilnius")
    assert vilnius == moment("2026-06-15T09:00:00+00:00", "")
