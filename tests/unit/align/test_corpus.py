"""A corpus of short documents and sources, each with exactly what is to be found in it, in the forms people write."""

import re
from pathlib import Path

import pytest

from conformance.align.gather import gather, of_texts
from conformance.align.rule import judge, rules
from contracts.load import load
from tests.changing import changed
from tests.running import ROOT

CORPUS = ROOT / "tests" / "align"
SOS = load("sos")
EXPECTED = re.compile(r"(?:<!-- expected\n|^// expected\n)(?P<lines>.*?)(?:-->\s*|\Z)", re.DOTALL | re.MULTILINE)
WHOLE = {"documented-event-is-in-source", "contract-event-is-in-documents", "source-event-is-documented"}
"""Rules that speak of all texts together, which the corpus is not."""
WITH = {"uses-constants.ts": ("constants.ts",)}
"""Files that are read together with others."""


def files() -> list[Path]:
    return sorted(path for path in CORPUS.iterdir() if path.suffix in (".md", ".ts", ".tsx", ".js"))


def expected(path: Path) -> list[str]:
    found = EXPECTED.search(path.read_bytes().decode().replace("\r\n", "\n"))
    assert found, f"{path.name} says what is expected of it at its end"
    return [line.removeprefix("// ").strip() for line in found["lines"].splitlines() if line.strip(" /")]


def found(path: Path) -> list[str]:
    """As the corpus has it: `line:column rule subject`, with `-> replacement` where there is one."""
    paths = [path, *(CORPUS / name for name in WITH.get(path.name, ()))]
    documents = [one for one in paths if one.suffix == ".md"]
    evidence = gather(SOS, documents, [one for one in paths if one not in documents], links=True).evidence
    lines = []
    for one in judge(evidence, [rule for rule in rules() if rule.id not in WHOLE]):
        drift = one.drift
        if drift.place.file == str(path):
            arrow = f" -> {drift.replacement}" if drift.replacement else ""
            lines.append(f"{drift.place.line}:{drift.place.column} {one.rule.id} {drift.subject}{arrow}")
    return lines


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_exactly_what_is_wrong_is_found(path: Path) -> None:
    assert found(path) == expected(path)


def test_the_corpus_is_large_and_every_rule_of_one_text_speaks_in_it() -> None:
    assert len([path for path in files() if path.suffix == ".md"]) >= 40
    assert len([path for path in files() if path.suffix != ".md"]) >= 15
    spoken = {line.split()[1] for path in files() for line in expected(path)}
    assert spoken == {rule.id for rule in rules()} - WHOLE


CHANGES = 30


def test_a_word_that_was_changed_at_random_is_found_and_nothing_where_none_was() -> None:
    text = (ROOT / "docs" / "sos-guide.md").read_text()
    own = [rule for rule in rules() if rule.id != "link-leads-somewhere"]
    assert [one.line for one in judge(of_texts(SOS, {"guide.md": text}), own)] == []
    missed = []
    for seed in range(CHANGES):
        now, word, slip = changed(text, seed)
        if not judge(of_texts(SOS, {"guide.md": now}), own):
            missed.append((word, slip))
    assert len(missed) <= 2, missed
