"""What is exported from contracts is aligned with them, and what is changed in it is found."""

from collections.abc import Iterator

import pytest

from conformance.align.gather import of_texts
from conformance.align.rule import Rule, judge, rules
from contracts.data_text import as_yaml
from contracts.exchange.formats import asyncapi, markdown, openapi
from contracts.exchange.source import Exported
from tests.unit.contracts.bundles import EACH, loaded


def texts(one: Exported) -> Iterator[tuple[str, str]]:
    yield "reference.md", markdown.made(one)
    yield "asyncapi.yaml", as_yaml(asyncapi.made(one))
    if one.source.calls:
        yield "openapi.yaml", as_yaml(openapi.made(one))


@pytest.mark.parametrize("name", EACH)
def test_exports_are_aligned_with_their_contracts(name: str) -> None:
    one = loaded(name)
    for file, text in texts(one):
        evidence = of_texts(one.bundle, {file: text})
        assert [found.line for found in judge(evidence, of(file))] == []
        named = {(claim.kind, claim.subject) for text in evidence.texts for claim in text.claims}
        if file == "openapi.yaml":
            assert "call" in {kind for kind, _ in named}
        else:
            assert {("event", event) for event in one.bundle.events} <= named


def of(file: str) -> list[Rule]:
    """The rules that can be kept by a document: OpenAPI has no events."""
    return [rule for rule in rules() if file != "openapi.yaml" or rule.id not in OF_EVENTS]


OF_EVENTS = {"contract-event-is-in-documents"}

CHANGES = (
    ("reference.md", "`cursor:move`", "`cursor:moves`"),
    ("reference.md", "| `pen` | one of |", "| `pens` | one of |"),
    ("asyncapi.yaml", "name: cursor:move\n", "name: cursor:moves\n"),
    ("asyncapi.yaml", "  receive_pen-take:\n    action: receive", "  receive_pen-take:\n    action: send"),
    ("openapi.yaml", "  /notes/note/{id}:", "  /notes/notes/{id}:"),
)


@pytest.mark.parametrize(("file", "before", "after"), CHANGES)
def test_what_is_changed_in_an_export_is_found(file: str, before: str, after: str) -> None:
    one = loaded("example")
    text = dict(texts(one))[file]
    assert before in text
    found = judge(of_texts(one.bundle, {file: text.replace(before, after)}), of(file))
    assert found
    assert all(drift.drift.place.file == file for drift in found)
