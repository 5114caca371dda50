"""Where a kind of change goes is found at once: the tables lead to recipes and files that are there."""

import re

import pytest

from tests.unit.test_layers import ROOT

PAGES = ("ARCHITECTURE.md", "CONTRIBUTING.md")
WANTED = ("a rule of check", "an observer of rooms", "a kind of token", "a latency figure of load", "a load scenario")


def rows(page: str) -> dict[str, str]:
    """The rows of the tables of a page, by what is to be changed."""
    lines = [line for line in (ROOT / page).read_text("utf-8").splitlines() if line.startswith("| ")]
    return {line.split("|")[1].split("(")[0].strip(): line for line in lines}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("change", WANTED)
def test_a_change_is_found_in_one_step(page: str, change: str) -> None:
    row = rows(page)[change]
    headings = re.findall(r"^### (.*)$", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE)
    anchors = {heading.lower().replace(" ", "-") for heading in headings}
    (anchor,) = re.findall(r"\((?:CONTRIBUTING\.md)?#([\w-]+)\)", row)
    assert anchor in anchors
    for path in re.findall(r"`([\w./<>-]*/[\w./<>-]*)`", row):
        assert (ROOT / path.partition("<")[0]).exists(), path


def test_the_files_that_a_recipe_names_are_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = re.findall(r"`((?:conformance|loadtests|reports|contracts|tests|docs)/[\w./-]*)`", text)
    assert len(named) > 20
    assert [path for path in named if not (ROOT / path).exists()] == []
