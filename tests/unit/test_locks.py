"""The locks: every package with its hash, nothing beside them, and what the audit makes of what pip and OSV say."""

import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.audit import BROKEN, CANNOT_TELL, HOLDS, LOCKS, of_index, pins, vulnerable
from tests.running import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
OPTIONAL = PROJECT["optional-dependencies"]
DECLARED = {
    "requirements.lock": [*PROJECT["dependencies"], *OPTIONAL["build"]],
    "requirements-fuzz.lock": ["atheris"],
    "requirements-dev.lock": [*PROJECT["dependencies"], *(one for kind in OPTIONAL.values() for one in kind)],
}
INSTALLING = ("Makefile", "action.yml", "docs/ci/gitlab.yml", "docs/ci/run.sh", "tests/pythons.py")


def locked(name: str) -> dict[str, tuple[str, list[str]]]:
    return pins((ROOT / name).read_text())


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_hashes(name: str) -> None:
    found = locked(name)
    assert len(found) >= len(DECLARED[name])
    for package, (version, hashes) in found.items():
        assert re.fullmatch(r"\d[\w.+!]*", version), package
        assert hashes, package
        assert all(re.fullmatch("[0-9a-f]{64}", one) for one in hashes), package


@pytest.mark.parametrize("line", ["httpx>=1", "git+https://a.example/x.git", "--index-url https://a.example", "-e .",
                                  "--trusted-host a.example"])  # fmt: skip
def test_a_line_that_is_no_pin_is_seen(line: str) -> None:
    with pytest.raises(ValueError, match="line 2"):
        pins(f"httpx==1.0 --hash=sha256:00\n{line}\n")


@pytest.mark.parametrize("name", LOCKS)
def test_what_is_declared_is_locked_in_a_version_that_it_allows(name: str) -> None:
    found = locked(name)
    for text in DECLARED[name]:
        wanted = Requirement(text)
        if wanted.marker is None or wanted.marker.evaluate():
            version, _ = found[canonicalize_name(wanted.name)]
            assert wanted.specifier.contains(version), text


def test_both_locks_agree() -> None:
    product, dev = (locked(name) for name in LOCKS[:2])
    assert {name: dev.get(name) for name in product} == product


def test_whatever_installs_a_lock_checks_its_hashes() -> None:
    lines = [line for name in INSTALLING for line in (ROOT / name).read_text().splitlines() if "lock" in line]
    pip = [line for line in lines if "-r " in line or '"-r"' in line]
    assert len(pip) >= 5
    for line in pip:
        assert "--require-hashes" in line, line


def _imported() -> Iterator[str]:
    for top in ("cli.py", "contracts", "conformance", "reports", "loadtests"):
        for path in [ROOT / top] if top.endswith(".py") else (ROOT / top).rglob("*.py"):
            yield from re.findall(r"^ *(?:from|import) (\w+)", path.read_text(), re.MULTILINE)


INDIRECT = {"gevent": "locust", "engineio": "python-socketio", "greenlet": "locust", "flask": "locust",
            "anyio": "starlette", "markupsafe": "Jinja2", "zmq": "locust", "jinja2": "Jinja2"}  # fmt: skip
"""What is imported and not declared, since it is another's own: its types, and what one has to pass to it."""


def test_nothing_is_imported_that_is_not_declared() -> None:
    ours = {"cli", "contracts", "conformance", "reports", "loadtests", "roomcheck"}
    declared = {canonicalize_name(Requirement(text).name) for text in DECLARED["requirements-dev.lock"]}
    of = packages_distributions()
    for module in set(_imported()) - ours - set(sys.stdlib_module_names):
        names = {canonicalize_name(name) for name in [*of.get(module, []), INDIRECT.get(module, module)]}
        assert names & declared, module


# --- the audit -----------------------------------------------------------------------------------------------------

LOCK = {"httpx": ("1.0", ["aa"]), "rich": ("2.0", ["bb", "cc"])}


def item(name: str, version: str, sha: str, *, yanked: bool = False) -> dict:
    return {
        "metadata": {"name": name, "version": version},
        "download_info": {"archive_info": {"hashes": {"sha256": sha}}},
        "is_yanked": yanked,
    }


def report(**yanked: bool) -> dict:
    return {"install": [item("HTTPX", "1.0", "aa", **yanked), item("rich", "2.0", "cc")]}


def test_hashes_that_are_locked_hold() -> None:
    assert of_index("", 0, report(), LOCK) == (HOLDS, "2 packages have a locked hash, and none was yanked")


def test_a_hash_that_is_not_locked_is_told() -> None:
    code, told = of_index("", 0, {"install": [item("httpx", "1.0", "dd")]}, LOCK)
    assert (code, told) == (BROKEN, "httpx: its file has the hash dd, which is not locked")
    assert of_index("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", 1, {}, LOCK)[0] == BROKEN


def test_a_package_that_was_withdrawn_is_told_by_either_way_in_which_pip_says_so() -> None:
    assert of_index("", 0, report(yanked=True), LOCK) == (BROKEN, "HTTPX 1.0 was yanked".lower())
    said = "WARNING: The candidate selected for download or install is a yanked version: 'httpx' candidate"
    assert of_index(said, 0, report(), LOCK) == (BROKEN, said)


def test_an_index_that_does_not_answer_or_answers_in_part_cannot_tell() -> None:
    assert of_index("ERROR: Could not find a version", 1, {}, LOCK)[0] == CANNOT_TELL
    assert of_index("", 0, {"install": [item("httpx", "1.0", "aa")]}, LOCK)[0] == CANNOT_TELL


def record(*, ecosystem: str = "PyPI", **affected: object) -> dict:
    return {
        "id": "X-1",
        "summary": "bad",
        "affected": [{"package": {"name": "Rich", "ecosystem": ecosystem}, **affected}],
    }


def ranged(*events: dict[str, str], kind: str = "ECOSYSTEM") -> dict:
    return record(ranges=[{"type": kind, "events": list(events)}])


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (record(versions=["2.0"]), True),
        (record(versions=["2.0.1"]), False),
        (record(versions=["2.0"], ecosystem="npm"), False),
        (record(versions=["2.0"]) | {"withdrawn": "2026-01-01T00:00:00Z"}, False),
        (ranged({"introduced": "0"}), True),
        (ranged({"introduced": "0"}, {"fixed": "2.0"}), False),
        (ranged({"introduced": "0"}, {"fixed": "2.0.1"}), True),
        (ranged({"introduced": "0"}, {"last_affected": "2.0"}), True),
        (ranged({"introduced": "0"}, {"last_affected": "1.9"}), False),
        (ranged({"introduced": "2.1"}), False),
        (ranged({"introduced": "0"}, {"fixed": "1.0"}, {"introduced": "1.5"}, {"fixed": "2.5"}), True),
        (ranged({"introduced": "0"}, kind="GIT"), False),
        (ranged({"introduced": "not a version"}), True),
    ],
)
def test_versions_are_held_against_osv(found: dict, told: bool) -> None:
    assert list(vulnerable({"rich": "2.0"}, [found])) == (["rich 2.0: X-1 bad"] if told else [])
