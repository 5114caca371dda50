"""Tests that are run by several processes are told as those that one process runs."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import HANG_S, ROOT, clean_environment

SAMPLE = """
import os
import warnings

import pytest

RAN = []


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    yield os.getpid()
    open("ended", "a").write(f"{os.getpid()}\\n")


@pytest.mark.parametrize("number", range(20))
def test_one_process_runs_what_shares_a_fixture(started, number):
    assert started == os.getpid() != int(os.environ["OUTER"])


def test_what_fails_is_shown(started, tmp_path):
    assert tmp_path.is_dir()
    assert tmp_path.parent.parent.name.startswith("pytest-") or tmp_path.parent.name.startswith("process-")
    print("printed by the test")
    assert [1, 2] == [1, 3]


def test_a_warning_is_told():
    warnings.warn("of the sample", UserWarning)


@pytest.mark.skip(reason="not today")
def test_a_skip_is_told():
    pass


@pytest.mark.alone
def test_what_is_alone_comes_last():
    open("alone", "w").write(str(os.getpid()))
"""
CRASHING = """
import os


def test_before():
    pass


def test_it_ends_its_process():
    os.abort()


def test_after():
    pass
"""


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the tests of a folder in three processes."""
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -p tests.spread\nmarkers =\n  alone\n  quick\n")
    environment = clean_environment() | {"PYTHONPATH": str(ROOT), "OUTER": str(os.getpid())}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--processes", "3", "--durations=3", *words],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=HANG_S, check=False,
    )  # fmt: skip


def test_what_becomes_of_each_test_is_told(tmp_path: Path) -> None:
    (tmp_path / "test_sample.py").write_text(SAMPLE)
    done = run(tmp_path)
    assert done.returncode == 1
    assert "1 failed, 22 passed, 1 skipped, 1 warning" in done.stdout
    assert "assert [1, 2] == [1, 3]" in done.stdout
    assert "printed by the test" in done.stdout
    assert "UserWarning: of the sample" in done.stdout
    assert re.search(r"slowest 3 durations", done.stdout)
    (ended,) = (tmp_path / "ended").read_text().split()
    assert (tmp_path / "alone").read_text() != ended


@pytest.mark.parametrize("words", [[], ["-x"]])
def test_a_process_that_ends_is_a_failure_that_names_its_test(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "test_crashing.py").write_text(CRASHING)
    (tmp_path / "test_other.py").write_text("def test_other():\n    pass\n")
    done = run(tmp_path, *words)
    assert done.returncode in (1, 2)
    told = "ended with -6 while it was at test_crashing.py::test_it_ends_its_process"
    assert told in done.stdout
    assert words or "2 passed" in done.stdout
