"""Take docs/screenshot.png of the real thing: the demo site, live, in Debian's Chromium.

make screenshot
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import ARGUMENTS
from tests.livesite import ROOT, serving, tessera

PAGE = "/explore?q=cluster"
SIZE = {"width": 1280, "height": 900}


def main() -> int:
    chromium = shutil.which("chromium")
    if chromium is None:
        print("There is no chromium; on Debian: apt-get install chromium", file=sys.stderr)
        return 1
    out = ROOT / "docs" / "screenshot.png"
    with tempfile.TemporaryDirectory(prefix="tessera-screenshot-") as folder:
        home = Path(folder)
        done = tessera(home, "demo", "--no-serve")
        if done.returncode:
            print(done.stderr, file=sys.stderr)
            return 1
        with serving(home) as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
            page = browser.new_page(viewport=SIZE, locale="en-GB")
            page.goto(site.url + PAGE, wait_until="networkidle")
            page.screenshot(path=out)
            browser.close()
    print(f"{out.relative_to(ROOT)}: {out.stat().st_size // 1000} kB", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
