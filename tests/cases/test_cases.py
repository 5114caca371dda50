"""Every case comes out right: its service holds where it is honest, and each lie is found by the rule that names it.

A folder of `tests/cases` is a case: `service.py` or `service.js`, `contracts/`, and `expected.json` with the exit code
of the honest service and, for each lie, what fails of the rules that have to find it, as `rule: subject`. `target` is
what else the settings say of the target, and `options` are those of the command.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.running import PEER, lacking, roomcheck, settings, started

CASES = sorted(path.parent for path in Path(__file__).parent.glob("*/expected.json"))
EXPECTED: dict[Path, dict[str, Any]] = {folder: json.loads((folder / "expected.json").read_text()) for folder in CASES}
LIES = [(folder, lie) for folder in CASES for lie in EXPECTED[folder]["lies"]]


def checked(folder: Path, lie: str, report: Path, *rules: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the report of a check of a case's service."""
    if (folder / "service.py").is_file():
        words = (sys.executable, "-m", f"tests.cases.{folder.name}.service", lie)
    else:
        if shutil.which("node") is None or not (PEER / "node_modules").is_dir():
            lacking("the Node peer")
        words = ("node", str(folder / "service.js"), lie)
    with started(*words) as (_, line):
        table = {"contracts": str(folder / "contracts"), **EXPECTED[folder].get("target", {})}
        target = settings(report.parent, realtime_urls=[line.strip()], **table)
        options = [*EXPECTED[folder].get("options", ()), *(word for rule in rules for word in ("--select", rule))]
        words = ("--target", "it", "--settings", str(target), "--report", f"json={report}")
        run = roomcheck("check", *words, *options)
    return run.returncode, json.loads(report.read_text())


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_an_honest_service_holds(folder: Path, tmp_path: Path) -> None:
    code, report = checked(folder, "", tmp_path / "report.json")
    bad = [one for one in report["verdicts"] if one["outcome"] in ("fail", "warning", "error")]
    assert bad == []
    assert code == EXPECTED[folder]["honest"], report["why"]


@pytest.mark.parametrize(("folder", "lie"), LIES, ids=[f"{folder.name}-{lie}" for folder, lie in LIES])
def test_a_lie_is_found_by_the_rule_that_names_it(folder: Path, lie: str, tmp_path: Path) -> None:
    expected = EXPECTED[folder]["lies"][lie]
    rules = dict.fromkeys(one.split(":")[0] for one in expected)
    code, report = checked(folder, lie, tmp_path / "report.json", *rules)
    found = [one for one in report["verdicts"] if one["outcome"] in ("fail", "warning", "error")]
    assert [f"{one['rule']}: {one['subject']}" for one in found] == expected
    assert code == 1
