"""Every case comes out right: its service holds where it is honest, and each lie is found by the rule that names it.

`tests/cases/checking.py` says what a case is.
"""

from pathlib import Path

import pytest

from tests.cases.checking import expected, judged, lie_found

CASES = sorted(path.parent for path in Path(__file__).parent.glob("*/expected.json"))
LIES = [
    pytest.param(folder, lie, id=f"{folder.name}-{lie}", marks=() if number == 0 else pytest.mark.long)
    for folder in CASES
    for number, lie in enumerate(expected(folder)["lies"])
]
"""Of each case one lie, and with `make test-long` all."""


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_an_honest_service_holds(folder: Path, tmp_path: Path) -> None:
    code, bad, why = judged(folder, tmp_path)
    assert bad == []
    assert code == expected(folder)["honest"], why


@pytest.mark.parametrize(("folder", "lie"), LIES)
def test_a_lie_is_found_by_the_rule_that_names_it(folder: Path, lie: str, tmp_path: Path) -> None:
    assert lie_found(folder, lie, tmp_path) == (1, expected(folder)["lies"][lie])
