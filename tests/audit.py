"""`make audit`: what is known against the locked packages. Exits with 0, 1 (something is), or 4 (it could not be seen).

Two questions, each answered on its own:

- Does pip's index have every locked file under a locked hash, and was none withdrawn ("yanked")? pip is asked without
  installing anything; offline, with a folder of wheels (`PIP_NO_INDEX=1 PIP_FIND_LINKS=DIR`), it answers for hashes.
- Is there a vulnerability? The database is a file, `OSV_DATABASE`: the export of osv.dev for PyPI, `all.zip`, or any
  zip of records in the OSV format. Nothing is fetched for it.
"""

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from tests.running import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-fuzz.lock")
HOLDS, BROKEN, CANNOT_TELL = 0, 1, 4
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)")


def pins(text: str) -> dict[str, tuple[str, list[str]]]:
    """The packages of a lock: name to version and hashes.

    Raises:
        ValueError: a line is neither a pinned package, nor a hash, nor a comment.
    """
    found: dict[str, tuple[str, list[str]]] = {}
    name = ""
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split("#")[0].strip().removesuffix("\\").strip()
        if pin := PIN.match(words):
            name = str(canonicalize_name(pin[1]))
            found[name] = (pin[2], [])
        elif words.startswith("--hash=sha256:") and name:
            found[name][1].append(words.removeprefix("--hash=sha256:"))
        elif words:
            raise ValueError(f"line {number} is no pinned package and no hash: {line}")
    return found


def vulnerable(packages: dict[str, str], records: Iterable[dict[str, Any]]) -> Iterator[str]:
    """What OSV records say against versions of packages, a line each."""
    for record in records:
        if record.get("withdrawn"):
            continue
        for affected in record.get("affected", ()):
            package = affected.get("package", {})
            name = str(canonicalize_name(package.get("name", "")))
            if package.get("ecosystem") == "PyPI" and name in packages and _affects(affected, packages[name]):
                yield f"{name} {packages[name]}: {record['id']} {record.get('summary', '')}".rstrip()


def _affects(affected: dict[str, Any], version: str) -> bool:
    """Whether a version is listed, or lies in a range (OSV's schema, "evaluation")."""
    if version in affected.get("versions", ()):
        return True
    ranges = [one for one in affected.get("ranges", ()) if one.get("type") == "ECOSYSTEM"]
    return any(_in_range(one["events"], Version(version)) for one in ranges)


def _in_range(events: Iterable[dict[str, str]], version: Version) -> bool:
    """Whether the last event up to a version leaves it affected; a version that cannot be read counts against it."""
    inside = False
    for kind, text in sorted((pair for event in events for pair in event.items()), key=_order):
        try:
            at = Version("0") if text == "0" else Version(text)
        except InvalidVersion:
            return True
        if kind == "introduced" and version >= at:
            inside = True
        elif (kind == "fixed" and version >= at) or (kind == "last_affected" and version > at):
            inside = False
    return inside


def _order(event: tuple[str, str]) -> tuple[Version, bool]:
    try:
        return Version(event[1]), event[0] != "introduced"
    except InvalidVersion:
        return Version("0"), False


def of_index(
    said: str, code: int, installed: dict[str, Any], lock: dict[str, tuple[str, list[str]]]
) -> tuple[int, str]:
    """What pip found of a lock in its index, as an exit code and a line.

    Args:
        said: what it wrote on stderr.
        code: its exit code.
        installed: its report, `{}` if it wrote none.
    """
    if "DO NOT MATCH THE HASHES" in said:
        return BROKEN, "a file of the index has none of the locked hashes:\n" + said
    if code:
        return CANNOT_TELL, "pip's index does not answer, or lacks a package:\n" + said.strip()
    yanked = [line.strip() for line in said.splitlines() if "yanked" in line]
    for item in installed.get("install", ()):
        name = str(canonicalize_name(item["metadata"]["name"]))
        found = item["download_info"]["archive_info"]["hashes"].get("sha256")
        if name not in lock or found not in lock[name][1]:
            return BROKEN, f"{name}: its file has the hash {found}, which is not locked"
        if item.get("is_yanked"):
            yanked.append(f"{name} {item['metadata']['version']} was yanked")
    if yanked:
        return BROKEN, "\n".join(yanked)
    if len(installed.get("install", ())) != len(lock):
        return CANNOT_TELL, f"pip looked at {len(installed.get('install', ()))} of {len(lock)} locked packages"
    return HOLDS, f"{len(lock)} packages have a locked hash, and none was yanked"


def _index(lock: Path) -> tuple[int, str]:
    words = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--no-deps", "--require-hashes"]
    told = subprocess.run([*words, "--quiet", "--disable-pip-version-check", "--report", "-", "-r", str(lock)],
                          capture_output=True, text=True, check=False)  # fmt: skip
    report = json.loads(told.stdout) if told.returncode == 0 else {}
    return of_index(told.stderr, told.returncode, report, pins(lock.read_text()))


def records(database: Path) -> Iterator[dict[str, Any]]:
    """The records of a zip of OSV."""
    with zipfile.ZipFile(database) as archive:
        for name in archive.namelist():
            if name.endswith(".json"):
                yield json.loads(archive.read(name))


def main() -> int:
    """Ask both of every lock; the worst answer."""
    code = HOLDS
    locked: dict[str, str] = {}
    for name in LOCKS:
        found, line = _index(ROOT / name)
        print(f"{name}: {line}", flush=True)
        code = found if code == HOLDS or found == BROKEN else code
        locked |= {package: version for package, (version, _) in pins((ROOT / name).read_text()).items()}
    database = os.environ.get("OSV_DATABASE")
    if not database:
        print("vulnerabilities: not looked up; set OSV_DATABASE to a zip of OSV records, such as osv.dev's for PyPI")
        return code or CANNOT_TELL
    told = list(vulnerable(locked, records(Path(database))))
    print(*(f"vulnerable: {line}" for line in told) if told else [f"vulnerabilities: none of {len(locked)}"], sep="\n")
    return BROKEN if told else code


if __name__ == "__main__":
    sys.exit(main())
