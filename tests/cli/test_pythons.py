"""A check on each supported Python that is here, and what pyproject.toml says of them."""

import subprocess
import sys
import tomllib

import pytest

from tests.pythons import MINORS, environment, interpreter
from tests.running import HANG_S, ROOT, clean_environment

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_the_versions_that_are_declared_are_the_ones_that_make_pythons_runs() -> None:
    kinds = PROJECT["project"]["classifiers"]
    assert [kind for kind in kinds if kind.startswith("Programming Language :: Python :: 3.")] == [
        f"Programming Language :: Python :: 3.{minor}" for minor in MINORS
    ]
    assert PROJECT["project"]["requires-python"] == f">=3.{MINORS[0]}"
    # Ruff and mypy refuse syntax and names that the oldest does not have.
    assert PROJECT["tool"]["ruff"]["target-version"] == f"py3{MINORS[0]}"
    assert PROJECT["tool"]["mypy"]["python_version"] == f"3.{MINORS[0]}"


@pytest.mark.parametrize("minor", MINORS)
def test_a_check_holds_on_each_python_that_is_here(minor: int) -> None:
    if sys.version_info[1] == minor:
        return  # Every other test runs on it.
    if interpreter(minor) is None:
        pytest.skip(f"there is no Python 3.{minor} on this machine")
    there = environment(minor)
    if not (there / "installed").exists():
        pytest.skip(f"`make pythons` installs what Roomcheck needs on Python 3.{minor}, and runs more than this test")
    words = ["-W", "error::DeprecationWarning:conformance", "-m", "cli", "check", "--select", "broadcast-arrives"]
    run = subprocess.run([there / "bin" / "python", *words], cwd=ROOT, env=clean_environment(), capture_output=True,
                         text=True, timeout=HANG_S, check=False)  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert "HOLDS" in run.stdout
