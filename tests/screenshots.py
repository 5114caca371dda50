"""The pictures of the documentation, taken of pages that are made from the golden journals.

`python -m tests.screenshots` takes them anew, where the page has changed.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from conformance.journal import records as journals
from reports.html import render
from tests.browser import browser
from tests.golden import KINDS, golden
from tests.running import ROOT

FOLDER = ROOT / "docs" / "images"
WIDTH, HEIGHT = 1200, 900
FROM = {"check": ".finding", "align": "h2", "load": "header"}
"""What stands at the top of each."""


def main() -> None:
    """Take them."""
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as name, browser(WIDTH, HEIGHT) as chrome:
        for kind in KINDS:
            page = Path(name) / f"{kind}.html"
            page.write_text(render([journals.read(golden(kind))]), "utf-8")
            chrome.get(page.as_uri())
            chrome.execute_script("document.querySelector(arguments[0]).scrollIntoView()", FROM[kind])
            chrome.save_screenshot(str(FOLDER / f"{kind}.png"))


if __name__ == "__main__":
    main()
