"""Ids are made that keep the schema of a contract, and where none can be made, that is known."""

import random
import re
import uuid

import pytest

from contracts.ids import bounded, drawn, id_type, matching, number_of
from contracts.schema import Schema


def chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - values of a test


@pytest.mark.parametrize(
    "pattern",
    [
        r"^[A-Z]{3}-\d{4}$",
        r"^(lobby|table)_[0-9a-f]+$",
        r"^[^/ ]{2,8}$",
        r"^\w+@[a-z]+\.com$",
        r"^a?b*c$",
        r"^x.y$",
        r"^[\s]x$",
    ],
)
def test_a_text_is_made_that_a_pattern_takes(pattern: str) -> None:
    schema = Schema({"type": "string", "pattern": pattern})
    for seed in range(20):
        made = drawn(schema, chance(seed))
        assert isinstance(made, str)
        assert re.search(pattern, made)


def test_ids_of_a_pattern_differ() -> None:
    schema = Schema({"type": "string", "pattern": "^[a-z]+$"})
    assert len({drawn(schema, chance(seed)) for seed in range(50)}) == 50


@pytest.mark.parametrize("pattern", ["^(?=a)a$", "^(?!a)b$", "(", "^[^\\x00-\\x7f]$"])
def test_of_some_patterns_no_text_is_made(pattern: str) -> None:
    assert matching(pattern, chance(0)) is None


@pytest.mark.parametrize(
    ("document", "least", "most"),
    [
        ({"type": "integer"}, 1_000_000_000, 2**31 - 1),
        ({"type": "integer", "minimum": 1}, 1_000_000_000, 2**31 - 1),
        ({"type": "integer", "minimum": 1, "maximum": 500}, 1, 500),
        ({"type": "integer", "exclusiveMinimum": 5, "exclusiveMaximum": 8}, 6, 7),
    ],
)
def test_a_number_is_within_its_bounds_and_in_32_bits(document: dict[str, object], least: int, most: int) -> None:
    for seed in range(50):
        assert least <= drawn(Schema(document), chance(seed)) <= most


def test_other_ids_keep_their_schemas() -> None:
    assert uuid.UUID(drawn(Schema({"type": "string", "format": "uuid"}), chance(1))).version == 4
    assert drawn(Schema({"enum": ["a", "b"]}), chance(1)) in ("a", "b")
    assert drawn(Schema({"const": 7}), chance(1)) == 7
    assert len(drawn(Schema({"type": "string", "maxLength": 6}), chance(1))) == 6
    both = Schema({"allOf": [{"type": "string", "minLength": 1}, {"type": "string", "pattern": "^[0-9]{9}$"}]})
    assert re.fullmatch("[0-9]{9}", drawn(both, chance(1)))
    assert drawn(Schema({"type": "object"}), chance(1)) is None


@pytest.mark.parametrize(
    ("document", "kind", "is_bounded"),
    [
        ({"type": "integer"}, "integer", True),
        ({"enum": [1, 2]}, "integer", True),
        ({"enum": ["a"]}, "string", True),
        ({"enum": ["a", 1]}, None, True),
        ({"enum": [True]}, None, True),
        ({"type": "string"}, "string", False),
        ({"minLength": 1}, "string", False),
        ({"type": "string", "pattern": "a"}, "string", True),
        ({"type": ["string", "integer"]}, None, False),
        ({"allOf": [{"type": "string"}, {"format": "uuid"}]}, "string", True),
    ],
)
def test_the_type_of_ids_is_known(document: dict[str, object], kind: str | None, is_bounded: bool) -> None:
    assert id_type(Schema(document)) == kind
    assert bounded(Schema(document)) is is_bounded


def test_only_what_json_writes_as_an_integer_is_one() -> None:
    assert [number_of(text) for text in ("7", "-7", "0", "1548239776")] == [7, -7, 0, 1548239776]
    assert [number_of(text) for text in ("07", "7.0", "RC-1", "", "1" * 19)] == ["07", "7.0", "RC-1", "", "1" * 19]
