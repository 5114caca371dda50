"""Angle brackets that the parser of scripts would need a gigabyte for are refused; those of real source are read."""

import pytest

from conformance.align.nodes import MOST_ANGLES, refuse_deep


@pytest.mark.parametrize(
    "text",
    [
        "c" + "<b>" * 2_000 + "</b>" * 2_000,
        "c" + "\n <b>" * 2_000,
        "c" + "!<b>" * 2_000,
        "a<b<c," * 1_000,
        "Map<" * (MOST_ANGLES + 1) + "T" + ">" * (MOST_ANGLES + 1),
    ],
)
def test_casts_and_arguments_of_types_that_nest_too_deeply_are_refused(text: str) -> None:
    with pytest.raises(RecursionError):
        refuse_deep(text)


@pytest.mark.parametrize(
    "text",
    [
        "type Many =\n" + "  | Map<string, Set<Room>>\n" * 2_000,
        "if (a < b) { c = d < e }\n" * 2_000,
        "const less = a < b\n" * 2_000,
        "const row = <li><b>name</b><br/></li>\n" * 2_000,
        "for (let i = 0; i < n; i++) f<T>(i)\n" * 2_000,
        "/** see https://a.example/<id> */\n" * 2_000,
        "send(a => b, (): Promise<void> => {})\n" * 2_000,
        "c" + "<b>" * MOST_ANGLES + ";" + "c" + "<b>" * MOST_ANGLES,
    ],
)
def test_as_many_side_by_side_are_read(text: str) -> None:
    refuse_deep(text)
