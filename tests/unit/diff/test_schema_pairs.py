"""What is called safe is: values that are right in one version are right in the other, in the direction that matters."""

import copy
import itertools
import random
from typing import Any

import pytest

from conformance.diff.inclusion import gaps
from conformance.diff.model import WAYS, Severity
from conformance.diff.prepared import prepared
from conformance.diff.schemas import differences
from contracts.schema import Schema
from tests.schema_pairs import Node, broken, document, usable, values

SOME, MANY = 40, 2_500


def is_safe(old: Node, new: Node, way: Any) -> bool:
    return all(one.severity is Severity.SAFE for one in differences(old, new, way))


def hold(count: int, first: int) -> tuple[int, int]:
    """(pairs that are called safe, values that were held) of so many pairs."""
    safe = held = 0
    for old, new, chance in usable(itertools.count(first), count):
        for way in WAYS:
            sent, taken = (old, new) if way == "client_to_server" else (new, old)
            # The structure alone has to tell it: `differences` has tried payloads, too.
            found = [gap for gap in gaps(prepared(sent), prepared(taken)) if gap.what != "unknown"]
            if found:
                continue
            safe += 1
            schema = Schema(taken)
            for value in values(sent, taken, chance):
                held += 1
                assert schema.is_valid(value), (way, old, new, value)
    return safe, held


def test_values_of_one_version_are_right_in_the_other_where_it_is_safe() -> None:
    safe, held = hold(SOME, 0)
    assert safe > SOME * 0.4
    assert held > SOME * 5


@pytest.mark.long
def test_many_values_of_one_version_are_right_in_the_other_where_it_is_safe() -> None:
    safe, held = hold(MANY, 1_000_000)
    assert safe > MANY * 0.4
    assert held > MANY * 5


def power(count: int, first: int) -> float:
    """The share of changes that break by construction and are not called safe."""
    seen = missed = 0
    for seed in itertools.count(first):
        if seen == count:
            break
        chance = random.Random(seed)  # noqa: S311 - no secret
        old = document(chance)
        new = broken(old, chance)
        if new is None or new == old:
            continue
        seen += 1
        missed += is_safe(old, new, "client_to_server") + is_safe(new, old, "server_to_client") > 0
    return 1 - missed / seen


def test_changes_that_break_are_not_called_safe() -> None:
    assert power(2 * SOME, 0) >= 0.99


@pytest.mark.long
def test_many_changes_that_break_are_not_called_safe() -> None:
    assert power(MANY, 5_000_000) >= 0.99


def told_otherwise(node: Any, chance: random.Random) -> Any:
    """The same schema: keys and lists in another order, words added, a `const` as an `enum`, a part in an `allOf`."""
    if isinstance(node, list):
        return [told_otherwise(one, chance) for one in node]
    if not isinstance(node, dict):
        return node
    made: dict[str, Any] = {}
    for key in chance.sample(sorted(node), len(node)):
        value = node[key]
        if key in ("required", "enum"):
            made[key] = chance.sample(value, len(value))
        elif key in ("properties", "patternProperties", "$defs"):
            made[key] = {name: told_otherwise(value[name], chance) for name in chance.sample(sorted(value), len(value))}
        elif key == "const":
            made["enum"] = [value]
        elif key == "dependentRequired":
            made[key] = value
        else:
            made[key] = told_otherwise(value, chance)
    if "binary" not in made:
        made |= {"description": "as before"}
    return made


@pytest.mark.parametrize("way", WAYS)
def test_a_schema_that_is_told_otherwise_is_safe(way: Any) -> None:
    for seed in range(SOME // 2):
        chance = random.Random(seed)  # noqa: S311 - no secret
        old = document(chance)
        assert differences(old, told_otherwise(old, chance), way) == (), old
        assert differences(old, copy.deepcopy(old), way) == ()


@pytest.mark.parametrize("way", WAYS)
def test_a_schema_by_reference_is_safe(way: Any) -> None:
    for seed in range(SOME // 2):
        old = document(random.Random(seed))  # noqa: S311 - no secret
        if "$defs" in old or '"#"' in str(old).replace("'", '"'):
            continue
        assert is_safe(old, {"$ref": "#/$defs/whole", "$defs": {"whole": old}}, way), old
