from __future__ import annotations

from pathlib import Path

import pytest

from tessera.site.contacttable import BOUNDS, CONTACT_KEYS, ContactRules
from tessera.site.sitefile import ConfigError, SiteFile, read_site_file


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "tessera.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults_hold_for_what_is_not_said(tmp_path: Path) -> None:
    read = read_site_file(written(tmp_path, "[contact]\nkeep_days = 90\nunanswered = 1\n"))
    assert read.contact == ContactRules(keep_days=90, unanswered=1)
    assert SiteFile().contact == ContactRules()


@pytest.mark.parametrize("key", CONTACT_KEYS)
def test_each_has_bounds(tmp_path: Path, key: str) -> None:
    least, most = BOUNDS[key]
    for value in (least, most):
        made = read_site_file(written(tmp_path, f"[contact]\n{key} = {value}\n")).contact
        assert getattr(made, key) == value
    for wrong in (least - 1, most + 1, "true", '"5"', 1.5):
        with pytest.raises(ConfigError) as caught:
            read_site_file(written(tmp_path, f"[contact]\n{key} = {wrong}\n"))
        assert f"line 2: contact.{key} is" in str(caught.value)
        assert f"from {least} to {most}" in str(caught.value)
