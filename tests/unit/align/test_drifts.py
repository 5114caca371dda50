"""What the readers see, as figures: single drifts in honest documents, rewritten documents, and fixes of every form."""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from conformance.align import fix
from conformance.align.gather import again, of_texts
from conformance.align.rule import Found, judge, rules
from contracts.load import load
from tests.drifting import KINDS, changed
from tests.forms import WHOLE, Case, cases
from tests.running import ROOT

SOS = load("sos")
CASES = cases()
OWN = [rule for rule in rules() if rule.id not in WHOLE]
DRIFTS = 400
EACH = 10
"""Kinds of drifts that are tried in each document."""
LEAST = 0.95

QUOTED = re.compile(
    r"❌|✗|~~|retired|instead|message:(?:new|send|error)|\bno\b|\bnot\b|never|nobody|considered|Before|\bwas\b|still"
)
"""A line that speaks of names that are wrong or gone: a drift in it is none."""


GONE = {
    "calls-of-before",
    "listings",
    "names-in-code",
    "options-not-taken",
    "retired-headings",
    "tables-of-changes",
    "told-of-the-past",
}
"""Forms whose documents tell of what was before, or was not taken, or are logs: a name in them may be one of then."""
THEN = re.compile(r"changelog|incident-report")
"""Documents that are read as history, whatever form they are of."""


def honest() -> list[tuple[str, str]]:
    """(name, text) of the documents in which nothing is to be found."""
    own = [
        (case.name, text)
        for case in CASES
        if not case.expected
        and case.bundle == "sos"
        and len(case.texts) == 1
        and case.name.split("/")[0] not in GONE
        and not THEN.search(case.name)
        for file, text in case.texts.items()
        if file.endswith(".md")
    ]
    return [*own, ("sos-guide.md", (ROOT / "docs" / "sos-guide.md").read_text())]


def quoted(text: str, at: int) -> bool:
    end = text.find("\n", at)
    return QUOTED.search(text[text.rfind("\n", 0, at) + 1 : end if end >= 0 else None]) is not None


def found(bundle_text: str) -> list[Found]:
    own = [rule for rule in OWN if rule.id != "link-leads-somewhere"]
    return judge(of_texts(SOS, {"guide.md": bundle_text}), own)


def test_a_drift_in_an_honest_document_is_found_and_an_honest_one_is_not_accused() -> None:
    documents = honest()
    assert [(name, one.line) for name, text in documents for one in found(text)] == []
    made = [(kind, name, now) for name, text in documents for kind, now in drifted(name, text)]
    missed = [(kind, name) for kind, name, now in made if not found(now)]
    assert len(made) >= DRIFTS
    assert len(missed) <= len(made) * (1 - LEAST), Counter(missed)


def drifted(name: str, text: str) -> Iterator[tuple[str, str]]:
    """Drifts of a document, the same ones whatever other documents there are: (kind, the text with it)."""
    kinds = list(KINDS)
    for number in range(EACH):
        chance = random.Random(f"{name} {number}")  # noqa: S311 - which drift, by the name
        kind = kinds[(number + len(name)) % len(kinds)]
        now = changed(text, kind, chance, quoted)
        if now is not None:
            yield kind, now


def outside_of_fences(pattern: str, by: str, text: str) -> str:
    parts = re.split(r"(^[ \t]*(?:```|~~~).*?^[ \t]*(?:```|~~~)[ \t]*$)", text, flags=re.MULTILINE | re.DOTALL)
    return "".join(
        part if number % 2 else re.sub(pattern, by, part, flags=re.MULTILINE) for number, part in enumerate(parts)
    )


def in_another_order(text: str) -> str:
    """The sections of a document from the last to the first, where it has several."""
    parts = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    if any(part.count("```") % 2 for part in parts):
        return text  # What looks like a heading stands in a fence.
    return parts[0] + "".join(part if part.endswith("\n") else f"{part}\n" for part in reversed(parts[1:]))


def in_other_words(text: str) -> str:
    """Heads of tables and labels in other words that mean the same."""
    words = {
        "Direction": "Flow", "Client → Server": "client -> server", "Server → Client": "server -> client",
        "**Payload:**": "**Data:**", "| Field |": "| Attribute |", "| Payload |": "| Data |",
        "| Event |": "| Event name |",
    }  # fmt: skip
    for word, other in words.items():
        text = text.replace(word, other)
    return text


REWRITTEN: dict[str, Callable[[str], str]] = {
    "lines end with CR LF": lambda text: text.replace("\n", "\r\n"),
    "sections in another order": in_another_order,
    "labels in other words": in_other_words,
    "fences of tildes": lambda text: re.sub(r"^(\s*)```", r"\1~~~", text, flags=re.MULTILINE),
    "stars for bullets": lambda text: outside_of_fences(r"^(\s*)- (?!\[ ?x?\])", r"\1* ", text),
    "headings one level down": lambda text: re.sub(r"^(#{1,5} )", r"#\1", text, flags=re.MULTILINE),
    "long names of languages": lambda text: re.sub(
        r"^(\s*```)(js|ts|py)$", lambda one: one[1] + {"js": "javascript", "ts": "typescript", "py": "python"}[one[2]],
        text, flags=re.MULTILINE,
    ),
    "an introduction": lambda text: (
        text if text.startswith("---") else f"---\ntitle: x\n---\n\nWritten by the team.\n\n{text}"
    ),
    "something behind it": lambda text: f"{text}\n# Contributing\n\nRun the tests before you push.\n",
    "underscores for stars": lambda text: re.sub(r"\*\*([^*`\n]+)\*\*", r"__\1__", text),
}  # fmt: skip


EVERY = 3
"""Of the documents, which `make test` has rewritten in each way; each way has others."""


@pytest.mark.parametrize("every", [EVERY, pytest.param(1, marks=pytest.mark.long)])
@pytest.mark.parametrize("name", REWRITTEN)
def test_a_document_that_is_written_in_another_way_says_the_same(name: str, every: int) -> None:
    other = {}
    written = [case for case in CASES if len(case.texts) == 1 and case.name.endswith(".md")]
    for case in written[list(REWRITTEN).index(name) % every :: every]:
        ((file, text),) = case.texts.items()
        now = Case(name="", bundle=case.bundle, whole=case.whole, texts={file: REWRITTEN[name](text)}, expected=())
        before, after = ([(one.rule.id, one.drift.subject) for one in each.found()] for each in (case, now))
        if sorted(before) != sorted(after):
            other[case.name] = (before, after)
    assert other == {}


@pytest.mark.parametrize("case", [case for case in CASES if case.expected], ids=lambda case: case.name)
def test_a_fix_of_a_form_mends_what_it_changes_and_breaks_nothing(case: Case) -> None:
    evidence = case.evidence()
    own = rules() if case.whole else OWN
    before = judge(evidence, own)
    now = fix.harmless(evidence, before, own)
    texts = {**case.texts, **now}
    assert [text.file for text in again(evidence, now)] or not now
    after = Case(name="", bundle=case.bundle, whole=case.whole, texts=texts, expected=()).found()
    told = [(one.rule.id, one.drift.place.file, one.drift.place.line, one.drift.subject) for one in before]
    left = [(one.rule.id, one.drift.place.file, one.drift.place.line, one.drift.subject) for one in after]
    assert not Counter(left) - Counter(told)
    assert len(left) < len(told) or not now
