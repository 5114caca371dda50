"""`make pythons`: the quick tests and those of the wheel, on each supported Python that is on this machine."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.running import ROOT

MINORS = (11, 12, 13)
"""Of Python 3: what the classifiers in pyproject.toml name."""
WHERE = ROOT / "build" / "pythons"
TESTS = (("-n", "2", "-m", "quick and not long"), ("tests/cli/test_packaging.py",))


def environment(minor: int) -> Path:
    """Where the virtual environment of a version is, or would be."""
    return WHERE / f"3.{minor}"


def interpreter(minor: int) -> str | None:
    """A Python of this version: that of the tests, one on `PATH`, or one of pyenv; None if there is none."""
    if sys.version_info[1] == minor:
        return sys.executable
    of_pyenv = sorted(Path.home().glob(f".pyenv/versions/3.{minor}.*/bin/python"))
    return next((found for name in (f"python3.{minor}", *map(str, of_pyenv[-1:])) if (found := _runs(name))), None)


def _runs(name: str) -> str | None:
    """Where a program is that runs: pyenv has a `python3.12` that only says that it is not installed."""
    found = shutil.which(name)
    if found and subprocess.run([found, "--version"], capture_output=True, check=False).returncode == 0:
        return found
    return None


def prepared(minor: int, python: str) -> Path:
    """The Python of an environment with everything that the lock names; it is made where it is not there.

    Raises:
        subprocess.CalledProcessError: it cannot be; pip has said why.
    """
    folder = environment(minor)
    there, lock = folder / "bin" / "python", ROOT / "requirements-dev.lock"
    installed = folder / "installed"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        subprocess.run([python, "-m", "venv", "--clear", str(folder)], check=True)
        pip = [str(there), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*pip, "--require-hashes", "-r", str(lock)], check=True)
        subprocess.run([*pip, "--no-build-isolation", "--editable", str(ROOT)], check=True)
        installed.touch()
    return there


def main() -> int:
    """Run the tests on each; 1 if any fails on any."""
    failed = []
    for minor in MINORS:
        python = interpreter(minor)
        if python is None:
            print(f"Python 3.{minor}: not here, not tested", flush=True)
            continue
        print(f"Python 3.{minor}: {python}", flush=True)
        there = str(prepared(minor, python))
        if not all(subprocess.run([there, "-m", "pytest", *words], cwd=ROOT, check=False).returncode == 0
                   for words in TESTS):  # fmt: skip
            failed.append(f"3.{minor}")
    print("failed on " + ", ".join(failed) if failed else "passed on each that is here")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
