"""Packages of ours whose place another distribution has taken are told, in every form that this has."""

import sys
from pathlib import Path

import pytest

from conformance.support.own_packages import MARK, TOP, OwnPackages, come_first, replaced
from tests.running import ROOT

OWN_ENVIRONMENT = "install roomcheck into a virtual environment of its own"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with the top-level packages as they are installed."""
    (tmp_path / "cli.py").write_text(f"{MARK}\n")
    for name in TOP[1:]:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f'"""Ours."""\n\n{MARK}\n')
    return tmp_path


def test_what_is_whole_is_not_accused(root: Path) -> None:
    assert replaced(str(root)) is None
    assert replaced(str(ROOT)) is None


def test_a_module_beside_a_package_of_ours_takes_no_place(root: Path) -> None:
    (root / "reports.py").write_text("")
    assert replaced(str(root)) is None


def test_a_package_takes_the_place_of_a_module(root: Path) -> None:
    (root / "cli").mkdir()
    (root / "cli" / "__init__.py").write_text("")
    told = replaced(str(root))
    assert told == f"{root / 'cli' / '__init__.py'}, stands in place of a package of roomcheck; {OWN_ENVIRONMENT}"


@pytest.mark.parametrize("name", TOP)
def test_every_package_that_was_overwritten_is_told(name: str, root: Path) -> None:
    path = root / "cli.py" if name == "cli" else root / name / "__init__.py"
    path.write_text('"""Theirs."""\n')
    assert str(path) in (replaced(str(root)) or "")


@pytest.mark.parametrize("name", TOP)
def test_a_package_that_another_has_uninstalled_is_missing(name: str, root: Path) -> None:
    (root / "cli.py" if name == "cli" else root / name / "__init__.py").unlink()
    assert replaced(str(root)) == f"the package {name!r} is missing in {root}; install roomcheck again"


def test_names_of_ours_are_found_in_their_folder_and_no_others(root: Path) -> None:
    finder = OwnPackages(str(root))
    spec = finder.find_spec("reports")
    assert spec is not None
    assert spec.origin == str(root / "reports" / "__init__.py")
    for name in ("json", "tests", "reports.html", "roomcheck"):
        assert finder.find_spec(name) is None


def test_the_process_ends_with_one_line(root: Path, capsys: pytest.CaptureFixture[str], monkeypatch) -> None:
    monkeypatch.setattr(sys, "meta_path", [])
    (root / "loadtests" / "__init__.py").unlink()
    with pytest.raises(SystemExit) as end:
        come_first(str(root))
    assert end.value.code == 2
    assert (
        capsys.readouterr().err == f"roomcheck: the package 'loadtests' is missing in {root}; install roomcheck again\n"
    )
