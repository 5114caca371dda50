"""What a mutant of a function is, and what is left as it is."""

import ast

import pytest

from tests.mutants.__main__ import equivalent
from tests.mutants.operators import changes, functions
from tests.mutants.trying import mutants_of
from tests.running import ROOT


def made(body: str) -> dict[str, str]:
    """What each change is called, and the body of a function with it."""
    tree = ast.parse(f"def f(a, b):\n    {body}")
    [(_, _, function)] = functions(tree)
    found = {}
    for change in changes(function):
        old = change.apply()
        found[change.what] = ast.unparse(ast.fix_missing_locations(tree)).partition("\n")[2].strip()
        change.undo(old)
    assert ast.unparse(tree) == ast.unparse(ast.parse(f"def f(a, b):\n    {body}"))
    return found


@pytest.mark.parametrize(
    ("body", "what", "changed"),
    [
        ("return a < b", "a < b: LtE", "return a <= b"),
        ("return a and b", "a and b: without b", "return a and True"),
        ("return a or b", "a or b: and/or swapped", "return a and b"),
        ("return not a", "not a: without not", "return a"),
        ("return a + 1", "a + 1: Sub", "return a - 1"),
        ("return any(a)", "any(a): all", "return all(a)"),
        ("return a(b, c=b)", "a(b, c=b): without c", "return a(b)"),
        ("return a(b, c=b)", "a(b, c=b): None for b", "return a(None, c=b)"),
        ("return [x for x in a if x]", "without the filter: if x", "return [x for x in a if True]"),
        ("return a if b else 0", "always False: a if b else 0", "return a if False else 0"),
        ("yield a", "yield a: not yielded", "if False:\n        yield a"),
        ("a(b)", "a(b): not called", "pass"),
        ("return 'own'", "'own': XXownXX", "return 'XXownXX'"),
    ],
)
def test_a_node_is_put_otherwise(body: str, what: str, changed: str) -> None:
    assert made(body)[what] == changed


def test_each_guard_that_is_said_to_change_nothing_is_there_and_has_its_reason() -> None:
    explained = equivalent()
    paths = {key.partition("::")[0] for key in explained}
    guards = {one.key for path in paths for one in mutants_of(ROOT / path) if one.guard}
    assert not explained.keys() - guards
    assert all(why.endswith(".") for why in explained.values())


def test_a_condition_under_which_a_function_ends_is_a_guard() -> None:
    [(_, _, function)] = functions(ast.parse("def f(a):\n    if a:\n        return 1\n    if not a:\n        a()\n"))
    assert [change.what for change in changes(function) if change.guard] == ["never: if a"]


@pytest.mark.parametrize(
    "body",
    ["'''Stated.'''", "assert a, b", "a: int", "raise ValueError(a)", "message = 'what is said'", "why = f'{a}'"],
)
def test_what_is_not_run_and_what_people_read_is_left_as_it_is(body: str) -> None:
    assert made(body) == {}


def test_the_message_of_a_finding_is_left_as_it_is_and_its_subject_is_not() -> None:
    assert set(made("return unclear(a, b)")) == {
        "return unclear(a, b): None returned",
        "unclear(a, b): None for a",
    }


def test_a_mutant_is_code_that_a_live_function_can_take() -> None:
    path = ROOT / "conformance" / "analysis" / "stalls.py"
    found = next(one for one in mutants_of(path) if one.name == "last < 0: LtE")
    code = found.code(ast.parse("from __future__ import annotations").body)
    assert (found.function, found.guard) == ("Stalls._until", False)
    assert code is not None
    assert (code.co_name, code.co_varnames[:2]) == ("_until", ("self", "at_s"))
