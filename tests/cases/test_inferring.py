"""Contracts that are inferred from a check of a service are in order, and accuse the same service of nothing."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cases.checking import expected
from tests.running import ROOT, lacking, roomcheck, settings, started

FOLDERS = sorted(path.parent for path in (ROOT / "tests").glob("*/*/expected.json"))
HONEST = {0, 4}
"""Exit codes of a check that accuses nobody: all holds, or not enough could be seen."""


def checked(folder: Path, contracts: Path, line: str, place: Path) -> tuple[int, list[str], Path]:
    """The exit code of a check, what it accuses, and its journal."""
    place.mkdir()
    table: dict[str, Any] = {**expected(folder).get("target", {}), "contracts": str(contracts)}
    target = settings(place, realtime_urls=[line.strip()], **table)
    words = ("--target", "it", "--settings", str(target), "--report", f"json={place / 'report.json'}")
    run = roomcheck("check", *words, "--journal", str(place / "run.ndjson"))
    report = json.loads((place / "report.json").read_text())
    bad = [one for one in report["verdicts"] if one["outcome"] in ("fail", "warning", "error")]
    return run.returncode, [f"{one['rule']}: {one['subject']}" for one in bad], place / "run.ndjson"


@pytest.mark.long
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_an_honest_service_is_not_accused_by_what_was_inferred_of_it(folder: Path, tmp_path: Path) -> None:
    service = "service.py" if (folder / "service.py").is_file() else "service.js"
    words: tuple[str, ...] = ("node", str(folder / service), "")
    if service.endswith(".py"):
        words = (sys.executable, "-m", ".".join((*folder.relative_to(ROOT).parts, "service")), "")
    elif shutil.which("node") is None:
        lacking("Node")
    with started(*words) as (_, line):
        _, _, journal = checked(folder, folder / "contracts", line, tmp_path / "own")
        out = tmp_path / "inferred"
        made = roomcheck("contracts", "infer", str(journal), "--out", str(out))
        assert made.returncode == 0, made.stderr
        assert roomcheck("contracts", "validate", str(out)).returncode == 0
        code, bad, _ = checked(folder, out, line, tmp_path / "again")
    assert bad == []
    assert code in HONEST
