from __future__ import annotations

import pytest

from tessera.sources.formats.html import html_text
from tessera.sources.sitemap.jsonld import page_nodes


@pytest.mark.parametrize(
    "section",
    ["<![CD[x", "<![CD[x]]>", "<![CDATA[x]]>", "<![if !IE]>", "<![endif]>", "<![", "<![[", "<![x"],
)
def test_a_marked_section_is_a_comment(section: str) -> None:
    assert "Open ferry" in html_text(f"<p>Open ferry</p>{section}").text()
    assert "Open ferry" in html_text(f"{section}><p>Open ferry</p>").text()


def test_a_marked_section_costs_no_json_ld() -> None:
    page = b'<![CD[x><script type="application/ld+json">{"@type": "Event", "name": "Fair"}</script>'
    assert "Fair" in str(page_nodes(page))
