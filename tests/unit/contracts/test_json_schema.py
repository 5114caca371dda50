"""JSON Schema of contracts: by the names of a bundle, any validator comes to the verdicts of the contracts."""

from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import given, settings

from contracts.binary import binary
from contracts.exchange.formats import json_schema
from contracts.exchange.source import WAYS
from contracts.form import Form
from contracts.invalid_values import invalid_values
from contracts.schema import Schema
from contracts.valid_values import valid_values
from tests.unit.contracts.bundles import ALL, EACH, loaded
from tests.unit.contracts.test_generated_values import LEAVES, composed

SLOWLY = {"example", *(name for name in ALL if "darkroom" in name or "ferry_arg" in name)}


class Judges:
    """Validators that know nothing of contracts."""

    def __init__(self, schema: dict[str, Any], *, both: bool = True) -> None:
        checker = jsonschema.FormatChecker(["date", "uuid"])
        self._fast = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
        self._other = jsonschema.Draft202012Validator(schema, format_checker=checker) if both else self._fast

    def say(self, value: Any) -> set[bool]:
        """What they say of a value."""
        return {self._fast.is_valid(value), self._other.is_valid(value)}


def verdicts(schema: dict[str, Any], value: Any) -> set[bool]:
    return Judges(schema).say(value)


def referring(document: dict[str, Any], name: str) -> dict[str, Any]:
    """A schema that names one of a bundle, which is beside it and is not fetched."""
    return {"$schema": json_schema.DIALECT, "$ref": name, "$defs": {"all": document}}


@pytest.mark.parametrize("name", EACH)
def test_every_example_of_a_bundle_has_the_same_verdict_by_its_urn(name: str) -> None:
    """By one validator; the other one, which is slower, judges some bundles."""
    one = loaded(name)
    document = json_schema.made(one)
    jsonschema_rs.meta.validate(document)
    urn = document["$id"]
    assert urn == f"urn:roomcheck:{one.bundle.name}"
    for _, event in one.source.events:
        named = json_schema._named(event["event"])
        assert {f"{named}/{way.replace('_', '-')}" for way in WAYS if way in event} <= document["$defs"].keys()
        for way in WAYS:
            examples = event.get(way, {}).get("examples", {})
            if not examples:
                continue
            judges = Judges(referring(document, f"{urn}:{named}/{way.replace('_', '-')}"), both=name in SLOWLY)
            of_event = Judges(referring(document, f"{urn}:{named}"), both=False)
            for value in examples.get("valid", ()):
                assert judges.say(value) == of_event.say(value) == {True}, (event["event"], value)
            for value in examples.get("invalid", ()):
                assert judges.say(value["payload"]) == {False}, (event["event"], value)


@settings(max_examples=25)
@given(composed(LEAVES))
def test_generated_values_have_the_same_verdict_without_words_of_contracts(schema: dict[str, Any]) -> None:
    judges = Judges(json_schema.plainer(schema))
    for value in valid_values(schema, 6):
        assert judges.say(value) == {True}
    for one in invalid_values(schema)[:6]:
        assert judges.say(one.payload) == {False}


@pytest.mark.parametrize("least", range(8))
@pytest.mark.parametrize("more", [None, 0, 1, 2, 3])
def test_sizes_of_binary_data_are_exact(least: int, more: int | None) -> None:
    bounds = {"minBytes": least, **({"maxBytes": least + more} if more is not None else {})}
    schema = {"binary": True, **bounds}
    judges = Judges(json_schema.plainer(schema))
    for size in range(14):
        value = binary(bytes(range(250, 250 + min(size, 6))) + b"\xff" * max(size - 6, 0))
        assert judges.say(value) == {Schema(schema).is_valid(value)}, size


@pytest.mark.parametrize("text", ["AQ", "AQ=", "AR==", "AQ==\n", "A===", "AQI", "AQ==AQ==", "AQ_-", "é"])
def test_what_is_no_base64_is_no_binary_data(text: str) -> None:
    assert verdicts(json_schema.plainer({"binary": True}), {"$binary": text}) == {False}


def test_a_list_of_arguments_has_its_number() -> None:
    made = json_schema._resource(
        "urn:x", {json_schema.ARGUMENTS: True, **Form(schemas=(), room_at=None, key="").document()}
    )
    assert verdicts(made, []) == {True}
    assert verdicts(made, [1]) == {False}
