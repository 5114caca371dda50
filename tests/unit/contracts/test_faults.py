"""Contract files against their closed schema: the fast verdict and the one that has words are the same."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from contracts.closed_schema import ClosedSchema
from contracts.faults import META_SCHEMA
from contracts.load import HERE

META = json.loads(META_SCHEMA.read_text("utf-8"))
FOLDERS = {"events": "event", "http": "http", "triggers": "triggers"}
OTHERS: tuple[Any, ...] = (None, True, -1, 1.0, 1.5, "", "a\n", "/a\n", "[", "\\p{L}", [], {}, {"unknown": 1})


def documents(bundle: str) -> list[tuple[str, Any]]:
    """The kind and the content of each file of a bundle."""
    paths = [("bundle", HERE / bundle / "bundle.json")]
    paths += [(kind, path) for folder, kind in FOLDERS.items() for path in sorted((HERE / bundle / folder).glob("*"))]
    return [(kind, json.loads(path.read_text("utf-8"))) for kind, path in paths]


def places(node: Any, where: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document, but for those inside of examples."""
    yield where
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, inner in inside:
        if step not in ("valid", "invalid"):
            yield from places(inner, (*where, step))


def changed(document: Any, where: tuple[Any, ...], value: Any) -> Any:
    if not where:
        return value
    document = node = copy.deepcopy(document)
    for step in where[:-1]:
        node = node[step]
    node[where[-1]] = value
    return document


def test_the_fast_verdict_is_that_of_the_words() -> None:
    """Every value of every file of a bundle is replaced in turn; where nothing fast is known, the words decide."""
    closed, rejected = ClosedSchema(META), 0
    for number, (kind, document) in enumerate(documents("example")):
        schema = {"$defs": META["$defs"], "$ref": f"#/$defs/{kind}"}
        validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
        assert closed._keeps(document, schema, kind)
        for index, where in enumerate(places(document)):
            spoilt = changed(document, where, OTHERS[(index + number) % len(OTHERS)])
            keeps = validator.is_valid(spoilt)
            # One that is rejected fast is asked for words, and may turn out to have none.
            assert keeps or not closed._keeps(spoilt, schema, kind), (where, spoilt)
            assert bool(list(closed.faults(spoilt, kind))) is not keeps
            rejected += not keeps
    assert rejected > 100


@pytest.mark.parametrize(
    ("pattern", "taken"), [("(?=a)b", 0), (r"(a)\1", 0), ("[", 0), (r"\p{L}", 1), ("(?P<name>a)", 1)]
)
def test_a_pattern_is_one_that_takes_linear_time(pattern: str, taken: int) -> None:
    meta = {"$defs": {"it": {"type": "string", "format": "regex"}}}
    assert bool(list(ClosedSchema(meta).faults(pattern, "it"))) is not bool(taken)
