"""What a run exercised of a bundle, by name; everything is counted once."""

import json
from typing import Any

import pytest

from conformance.analysis.script import script
from conformance.coverage.measure import Item, Meter, measured
from conformance.coverage.places import places_in, places_of
from conformance.model.verdict import NotExercised, Outcome, Verdict
from contracts.load import load
from contracts.model import Bundle

ROOM = {"type": "string", "minLength": 1}
SAY = {
    "event": "say",
    "summary": "s",
    "source": "s",
    "client_to_server": {
        "effect": {"broadcast": "said"},
        "payload": {
            "type": "object",
            "required": ["text"],
            "properties": {
                "text": {"type": "string"},
                "mood": {"enum": ["calm", "loud"]},
                "quiet": {"type": "boolean"},
            },
        },
        "examples": {
            "valid": [{"text": "a"}, {"text": "a", "mood": "loud"}],
            "invalid": [{"payload": {}, "keyword": "required"}, {"payload": {"text": 1}, "keyword": "type"}],
        },
    },
}
SAID = {
    "event": "said",
    "summary": "s",
    "source": "s",
    "server_to_client": {
        "receivers": "everyone",
        "args": [{"title": "text", "type": "string"}, {"title": "by", "type": "object", "properties": {"id": {}}}],
        "examples": {"valid": [["a", {"id": "b"}]]},
    },
}
HEAD = {
    "bundle": "b", "title": "B", "version": "1", "summary": "s", "source": "s", "path": "/socket.io/", "namespace": "/"
}  # fmt: skip


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    folder = tmp_path_factory.mktemp("b")
    (folder / "events").mkdir()
    for name, document in (("bundle", HEAD), ("events/say", SAY), ("events/said", SAID)):
        (folder / f"{name}.json").write_text(json.dumps(document))
    return load(str(folder))


def missing(bundle: Bundle, text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for item in measured(bundle, [script(bundle, text)]).missing():
        found.setdefault(f"{item.kind}: {item.subject}", []).append(item.name)
    return found


def test_of_a_run_that_did_nothing_all_is_missing(bundle: Bundle) -> None:
    assert missing(bundle, "ann opened s1") == {
        "events: said, sent": ["seen"],
        "events: say, emitted": ["seen"],
        "fields: said, sent": ["by", "by.id", "text"],
        "fields: say, emitted": ["mood", "quiet", "text"],
        "values: say, emitted": ['mood = "calm"', 'mood = "loud"', "quiet = false", "quiet = true"],
        "examples: said, sent": ["valid 1"],
        "examples: say, emitted": ["invalid 1 (required)", "invalid 2 (type)", "valid 1", "valid 2"],
    }


def test_what_was_seen_is_named_no_more(bundle: Bundle) -> None:
    text = """
        ann opened s1
        ann -> say {"text": "x", "mood": "loud"}
        ann -> say {"text": 7}
        ann <- said "x" {"id": 7}
    """
    assert missing(bundle, text) == {
        "fields: say, emitted": ["quiet"],
        "values: say, emitted": ['mood = "calm"', "quiet = false", "quiet = true"],
        "examples: said, sent": ["valid 1"],
        "examples: say, emitted": ["invalid 1 (required)", "valid 1"],
    }


def test_a_payload_that_breaks_its_schema_exercises_no_field(bundle: Bundle) -> None:
    found = missing(bundle, 'ann opened s1\nann -> say {"mood": "loud", "quiet": true}')
    assert found["fields: say, emitted"] == ["mood", "quiet", "text"]


def verdict(outcome: Outcome) -> Verdict:
    return Verdict(rule="r", subject="say", transport="websocket", outcome=outcome, message="", clause="", source="")


@pytest.mark.parametrize(
    ("outcome", "counted"),
    [(Outcome.PASS, (1, 1)), (Outcome.FAIL, (1, 1)), (Outcome.INCONCLUSIVE, (0, 1)), (Outcome.SKIP, (0, 0))],
)
def test_a_clause_counts_where_it_was_judged(bundle: Bundle, outcome: Outcome, counted: tuple[int, int]) -> None:
    meter = Meter(bundle)
    meter.judged(verdict(outcome))
    assert meter.coverage.of("clauses") == counted


def test_runs_add_up(bundle: Bundle) -> None:
    meter = Meter(bundle)
    meter.judged(NotExercised(rule="r", subject="say", transport="websocket", reason="x"))
    assert Item("clauses", "say", "r") in meter.coverage.missing()
    meter.judged(verdict(Outcome.PASS))
    assert meter.coverage.of("clauses") == (1, 1)
    meter.judged(NotExercised(rule="q", subject="say", transport="websocket", reason="x", left_out=True))
    assert meter.coverage.of("clauses") == (1, 1)


def test_a_schema_that_refers_to_itself_has_an_end() -> None:
    tree: dict[str, Any] = {
        "$ref": "#/$defs/node",
        "$defs": {"node": {"properties": {"kids": {"type": "array", "items": {"$ref": "#/$defs/node"}}}}},
    }
    fields, _ = places_of(tree)
    assert fields[:2] == ["kids", "kids[]"]
    assert list(places_in(tree, {"kids": [{"kids": []}]})) == ["kids", "kids[]", "kids[].kids"]


def test_every_bundle_that_is_shipped_can_be_measured() -> None:
    for name in ("sos", "sos-built", "example", "example-more"):
        found = measured(load(name), [])
        assert found.percent == 0
        assert found.of("fields")[1] > 0
