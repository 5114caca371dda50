"""Compiles what tests import once, before each of several processes would compile and rewrite all of it."""

import compileall
import os
import sys
from pathlib import Path

import pytest
from _pytest.assertion import rewrite

ROOT = Path(__file__).parent.parent
READ = (*(f"{package}/**/*.py" for package in ("conformance", "contracts", "reports", "loadtests")),
        "tests/*.py", "tests/**/test_*.py")  # fmt: skip
"""What most processes of tests read. Other files in the folders of tests are data of some, or read by few."""
PROCESSES = os.cpu_count() or 1


def compile_all(config: pytest.Config, root: Path = ROOT) -> None:
    """Write the bytecode that is not there yet, on all cores: the project's, and what pytest makes of the tests."""
    if sys.dont_write_bytecode:
        return
    files = sorted({file for pattern in READ for file in root.glob(pattern)})
    children = []
    for start in range(PROCESSES):
        child = os.fork()
        if not child:
            _compile(config, files[start::PROCESSES])
        children.append(child)
    for child in children:
        os.waitpid(child, 0)


def _compile(config: pytest.Config, files: list[Path]) -> None:
    """Compile some in this process, and end it. What cannot be compiled is told by who imports it."""
    try:
        for file in files:
            if file.name.startswith("test_"):
                _rewrite(config, file)
            else:
                compileall.compile_file(file, quiet=2)
    finally:
        os._exit(0)


def _rewrite(config: pytest.Config, file: Path) -> None:
    """What pytest's import hook does, without running the module."""
    folder = rewrite.get_cache_dir(file)
    compiled = folder / (file.name[:-3] + rewrite.PYC_TAIL)
    if rewrite._read_pyc(file, compiled) is None and rewrite.try_makedirs(folder):
        of_source, code = rewrite._rewrite_test(file, config)
        rewrite._write_pyc(config.stash[rewrite.assertstate_key], code, of_source, compiled)
