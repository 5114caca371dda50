"""Services in common styles hold on both servers where they are honest, and each lie is found on both."""

from pathlib import Path

import pytest

from tests.cases.checking import expected, judged, lie_found

SERVICES = sorted(path.parent for path in Path(__file__).parent.glob("*/expected.json"))
SERVERS = ("service.js", "service.py")
LIES = [(folder, lie) for folder in SERVICES for lie in expected(folder)["lies"]]


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("folder", SERVICES, ids=lambda folder: folder.name)
def test_an_honest_service_holds(folder: Path, server: str, tmp_path: Path) -> None:
    code, bad, why = judged(folder, tmp_path, server)
    assert bad == []
    assert code == expected(folder)["honest"], why


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize(("folder", "lie"), LIES, ids=[f"{folder.name}-{lie}" for folder, lie in LIES])
def test_a_lie_is_found_on_both_servers(folder: Path, lie: str, server: str, tmp_path: Path) -> None:
    assert lie_found(folder, lie, tmp_path, server) == (1, expected(folder)["lies"][lie])
