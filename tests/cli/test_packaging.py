"""The wheel, installed without the checkout, and started where other packages have the names of its own."""

import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from importlib.metadata import distributions
from pathlib import Path

import pytest

from tests.once import once
from tests.running import HANG_S, ROOT, clean_environment

PARTS = ("contracts", "conformance", "reports", "loadtests")
TAKEN = "raise SystemExit('a module of somebody else was imported')\n"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of what is packaged: setuptools would keep files of earlier builds in the checkout."""
    return next(once(tmp_path_factory, "wheel", _built).glob("*.whl"))


def _built(copy: Path) -> None:
    for part in PARTS:
        shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("cli.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy / name)
    build = "from setuptools import build_meta; build_meta.build_wheel('.')"
    made = subprocess.run([sys.executable, "-c", build], cwd=copy, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel and the dependencies of this one; its `site-packages`."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, symlinks=True)
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))
    # A path on a line of its own is searched last, and its .pth files, with that of the checkout, are not read.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    # What pip would do, in a tenth of its time; `make pythons` installs it by pip.
    zipfile.ZipFile(wheel).extractall(site)
    (entry,) = next(iter(distributions(name="roomcheck", path=[str(site)]))).entry_points
    command = folder / "bin" / "roomcheck"
    command.write_text(f"#!{folder / 'bin' / 'python'}\nfrom {entry.module} import {entry.attr}\n{entry.attr}()\n")
    command.chmod(0o755)
    return site


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory with modules, packages and plain folders of our names, and of modules that others need."""
    folder = tmp_path_factory.mktemp("elsewhere")
    for place in (folder, folder / "path"):
        for name in ("contracts", "loadtests"):
            (place / name).mkdir(parents=True)
            (place / name / "__init__.py").write_text(TAKEN)
        for name in ("cli", "reports"):
            (place / f"{name}.py").write_text(TAKEN)
        (place / "conformance" / "support").mkdir(parents=True)
    for name in ("locust", "queue"):
        (folder / f"{name}.py").write_text(TAKEN)
    (folder / "guide.md").write_text("The client emits `sos:room:jion` with `sosId`.\n")
    return folder


def run(site: Path, elsewhere: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a program of the environment where others have its names, in the working directory and on `PYTHONPATH`."""
    folder = site.parents[2] / "bin"
    env = clean_environment() | {"PYTHONPATH": str(elsewhere / "path")}
    return subprocess.run([folder / words[0], *words[1:]], cwd=elsewhere, env=env, capture_output=True, text=True,
                          timeout=HANG_S, check=False)  # fmt: skip


def test_every_file_of_the_packages_is_in_the_wheel(wheel: Path) -> None:
    files = {path.relative_to(ROOT).as_posix() for part in PARTS for path in (ROOT / part).rglob("*") if path.is_file()}
    launch = "conformance/launch/"
    expected = {name.removeprefix(launch) for name in files if "__pycache__" not in name} | {"cli.py"}
    made = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert sorted(expected - made) == []
    assert sorted(made - expected) == []


def test_check_runs_from_the_wheel_beside_packages_of_its_names(installed: Path, elsewhere: Path) -> None:
    words = ("check", "--select", "broadcast-arrives", "--report", f"html={elsewhere / 'report.html'}")
    checked = run(installed, elsewhere, "roomcheck", *words)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "HOLDS" in checked.stdout
    assert "<html" in (elsewhere / "report.html").read_text()


def test_align_runs_from_the_wheel_as_a_module(installed: Path, elsewhere: Path) -> None:
    aligned = run(installed, elsewhere, "python", "-m", "roomcheck", "align", "guide.md")
    assert aligned.returncode == 1, aligned.stdout + aligned.stderr
    assert "sos:room:jion" in aligned.stdout


def test_load_and_serve_run_from_the_wheel(installed: Path, elsewhere: Path) -> None:
    """Without an address load starts `roomcheck serve`, and both are programs of their own."""
    words = ("-u", "1", "-t", "2s", "--sockets-per-user", "4", "--chat-rate", "20", "Chat")
    loaded = run(installed, elsewhere, "roomcheck", "load", *words)
    assert loaded.returncode == 0, loaded.stdout + loaded.stderr
    assert "holds: every one of " in loaded.stdout


def test_cli_as_a_module_finds_the_packages_beside_it(installed: Path, elsewhere: Path) -> None:
    """`-P` leaves out the working directory, whose `cli.py` would be run; those on `PYTHONPATH` come first even so."""
    (elsewhere / "path" / "cli.py").rename(elsewhere / "path" / "other.py")
    found = run(installed, elsewhere, "python", "-P", "-m", "cli", "contracts", "list")
    assert found.returncode == 0, found.stderr
    assert "sos:room:join" in found.stdout


def test_a_distribution_that_has_replaced_a_package_is_named_in_one_line(installed: Path, elsewhere: Path) -> None:
    ours = installed / "reports" / "__init__.py"
    text = ours.read_text()
    record = installed / "acme_reports-1.0.dist-info"
    record.mkdir()
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-reports\nVersion: 1.0\n")
    (record / "RECORD").write_text("reports/__init__.py,,\n")
    ours.write_text(TAKEN)
    try:
        found = run(installed, elsewhere, "roomcheck", "check")
    finally:
        ours.write_text(text)
        shutil.rmtree(record)
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr == (
        f"roomcheck: {ours}, which acme-reports installed, stands in place of a package of roomcheck; "
        "install roomcheck into a virtual environment of its own\n"
    )
