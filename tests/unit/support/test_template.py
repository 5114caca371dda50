"""Templates of settings and contracts."""

import pytest

from conformance.support.template import names_in, unknown_name, written

VALUES = {"a": 1, "b": "two", "c": [3]}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{a}", 1), ("{c}", [3]), ("{b}", "two"), ("{a}{b}", "1two"), (" {a}", " 1"), ("{}", "{}"), ("{a", "{a"),
        ("plain", "plain"), ({"x": "{a}", "{a}": "y"}, {"x": 1, "{a}": "y"}), (["{a}", ("{b}",)], [1, ["two"]]),
        (7, 7), (None, None), (True, True), ({"x": {"y": ["{c}"]}}, {"x": {"y": [[3]]}}), ("{a-b}", "{a-b}"),
    ],
)  # fmt: skip
def test_a_template_is_written_with_its_values(template: object, expected: object) -> None:
    assert written(template, VALUES) == expected


@pytest.mark.parametrize("template", ["{z}", "x{z}", {"x": "{z}"}, ["{z}"]])
def test_a_name_without_a_value_is_an_error(template: object) -> None:
    with pytest.raises(KeyError, match="z"):
        written(template, VALUES)


@pytest.mark.parametrize(
    ("template", "names"),
    [("{a}{b}{a}", ["a", "b", "a"]), ({"{x}": "{a}"}, ["a"]), (["{a}", ("{b}",), 7, None], ["a", "b"]), (7, [])],
)
def test_a_template_asks_for_names(template: object, names: list[str]) -> None:
    assert list(names_in(template)) == names


def test_the_first_name_without_a_value_is_told_with_the_nearest() -> None:
    known = ["room", "user_id"]
    assert unknown_name("{room} {user_id}", known) is None
    assert unknown_name("plain", known) is None
    assert unknown_name("{usr_id} {x}", known) == "nothing is called {usr_id} here; did you mean {user_id}?"
    assert unknown_name("{room} {x}", known) == "nothing is called {x} here; there are {room}, {user_id}"
