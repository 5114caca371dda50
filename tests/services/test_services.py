"""Services in common styles hold on both servers where they are honest, and each lie is found on both."""

from pathlib import Path
from typing import Any

import pytest

from tests.cases.checking import expected, judged, lie_found

SERVICES = sorted(path.parent for path in Path(__file__).parent.glob("*/expected.json"))
SERVERS = ("service.js", "service.py")


def on_servers(each: list[tuple[object, ...]], names: list[str]) -> list[Any]:
    """Each on one server, by turns; with `make test-long` on both."""
    return [
        pytest.param(*one, server, id=f"{name}-{server}", marks=() if number % 2 == turn else pytest.mark.long)
        for number, (one, name) in enumerate(zip(each, names, strict=True))
        for turn, server in enumerate(SERVERS)
    ]


HONEST = on_servers([(folder,) for folder in SERVICES], [folder.name for folder in SERVICES])
LIES = [(folder, lie) for folder in SERVICES for lie in expected(folder)["lies"]]
LYING = on_servers(list(LIES), [f"{folder.name}-{lie}" for folder, lie in LIES])


@pytest.mark.parametrize(("folder", "server"), HONEST)
def test_an_honest_service_holds(folder: Path, server: str, tmp_path: Path) -> None:
    code, bad, why = judged(folder, tmp_path, server)
    assert bad == []
    assert code == expected(folder)["honest"], why


@pytest.mark.parametrize(("folder", "lie", "server"), LYING)
def test_a_lie_is_found_on_both_servers(folder: Path, lie: str, server: str, tmp_path: Path) -> None:
    assert lie_found(folder, lie, tmp_path, server) == (1, expected(folder)["lies"][lie])
