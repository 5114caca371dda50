"""Fuzz finds in the services of the cases what bad input shows where they lie, and nothing where they are honest."""

from pathlib import Path

import pytest

from tests.cases.checking import accused, checked
from tests.running import ROOT

FUZZ = ("fuzz", "--count", "60", "--rate", "100")
HONEST = sorted(
    path.parent for kind in ("cases", "services") for path in (ROOT / "tests" / kind).glob("*/expected.json")
)
LIES = {
    ("darkroom_binary", "any-light-will-do"): {"bad-request-gets-an-error: frame:expose"},
    ("kiosk_unstated_limits", "takes-less-than-it-says"): {"junk-is-survived: junk: big"},
    ("lighthouse_acks", "refusals-say-nothing"): {
        "bad-request-gets-an-error: lamp:light",
        "bad-request-gets-an-error: lamp:unwatch",
        "bad-request-gets-an-error: lamp:watch",
    },
    ("tollgate_acks", "every-car-is-ok"): {
        "bad-request-gets-an-error: car:pass",
        "bad-request-gets-an-error: gate:leave",
        "bad-request-gets-an-error: gate:watch",
    },
}
"""The lies that bad input shows, with what is accused of them at least."""

pytestmark = pytest.mark.long


@pytest.mark.parametrize("folder", HONEST, ids=lambda folder: folder.name)
def test_an_honest_service_is_accused_of_nothing(folder: Path, tmp_path: Path) -> None:
    code, report = checked(folder, "", tmp_path / "report.json", command=FUZZ)
    assert accused(report) == []
    assert code == 0, report["why"]


@pytest.mark.parametrize(("case", "lie"), LIES, ids=[f"{case}-{lie}" for case, lie in LIES])
def test_what_bad_input_shows_is_found(case: str, lie: str, tmp_path: Path) -> None:
    code, report = checked(ROOT / "tests" / "cases" / case, lie, tmp_path / "report.json", command=FUZZ)
    assert code == 1
    assert LIES[case, lie] <= set(accused(report))
