"""Checks the service of a case.

A case is a folder with `service.py`, `service.js` or both, `contracts/`, and `expected.json` with the exit code of the
honest service and, for each lie, what fails of the rules that have to find it, as `rule: subject`. `target` is what
else the settings say of the target. `options` are those of the command where the service lies: what never comes is not
waited for any longer; an honest service has the time that its contracts give it. `outcomes` says of the honest service
how single verdicts, as `rule: subject`, come out: that it was judged where the case is about it, and not left out.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from tests.running import PEER, ROOT, lacking, roomcheck, settings, started


def expected(folder: Path) -> dict[str, Any]:
    """What is to come of a case."""
    found: dict[str, Any] = json.loads((folder / "expected.json").read_text())
    return found


def checked(
    folder: Path,
    lie: str,
    report: Path,
    *rules: str,
    service: str = "",
    contracts: Path | None = None,
    command: tuple[str, ...] = ("check",),
) -> tuple[int, dict[str, Any]]:
    """The exit code and the report of a check of a case's service.

    Args:
        command: what is run in place of a check.
        contracts: others than its own.
        service: the file of the service; that of Python where it has one, unless said otherwise.
    """
    service = service or ("service.py" if (folder / "service.py").is_file() else "service.js")
    if service.endswith(".py"):
        words = (sys.executable, "-m", ".".join((*folder.relative_to(ROOT).parts, service.removesuffix(".py"))), lie)
    else:
        if shutil.which("node") is None or not (PEER / "node_modules").is_dir():
            lacking("the Node peer")
        words = ("node", str(folder / service), lie)
    with started(*words) as (_, line):
        table = {"contracts": str(contracts or folder / "contracts"), **expected(folder).get("target", {})}
        target = settings(report.parent, realtime_urls=[line.strip()], **table)
        options = [
            *(expected(folder).get("options", ()) if lie else ()),
            *(word for rule in rules for word in ("--select", rule)),
        ]
        words = ("--target", "it", "--settings", str(target), "--report", f"json={report}")
        run = roomcheck(*command, *words, *options)
    return run.returncode, json.loads(report.read_text())


def accused(report: dict[str, Any]) -> list[str]:
    """What a report accuses, as `rule: subject`."""
    found = [one for one in report["verdicts"] if one["outcome"] in ("fail", "warning", "error")]
    return [f"{one['rule']}: {one['subject']}" for one in found]


def otherwise(report: dict[str, Any], outcomes: dict[str, str]) -> list[str]:
    """Which of the expected outcomes a report does not have, with what it has in their place."""
    found = {f"{one['rule']}: {one['subject']}": one["outcome"] for one in report["verdicts"]}
    return [
        f"{name}: {found.get(name)}, not {outcome}" for name, outcome in outcomes.items() if found.get(name) != outcome
    ]


def judged(folder: Path, tmp_path: Path, service: str = "") -> tuple[int, list[str], str]:
    """The exit code of a check of the honest service, what of it is not as expected, and the report's first line."""
    code, report = checked(folder, "", tmp_path / "report.json", service=service)
    return code, accused(report) + otherwise(report, expected(folder).get("outcomes", {})), report["why"]


def lie_found(folder: Path, lie: str, tmp_path: Path, service: str = "") -> tuple[int, list[str]]:
    """The exit code of a check by the rules that have to find a lie, and what they accuse."""
    rules = dict.fromkeys(one.split(":")[0] for one in expected(folder)["lies"][lie])
    code, report = checked(folder, lie, tmp_path / "report.json", *rules, service=service)
    return code, accused(report)
