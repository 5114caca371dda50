"""What the guide to load and its files for several machines say is what there is."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from packaging.requirements import Requirement

from conformance.journal.metrics import TRENDS
from loadtests.ledger.counts import DEFECTS, FAILURES, ORDER
from loadtests.scenarios import found
from loadtests.verdict.thresholds import gate
from tests.running import ROOT, roomcheck

GUIDE = (ROOT / "docs" / "load.md").read_text()
DEPLOY = ROOT / "docs" / "deploy"


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its head."""
    section = re.split(r"^#+ ", GUIDE.split(f"# {heading}\n")[1], flags=re.MULTILINE)[0]
    table = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table]


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_scenario_is_described() -> None:
    assert {name for row in rows("Scenarios") for name in names(row[0])} == set(found())


def test_every_count_is_described_with_what_it_does_to_a_run() -> None:
    codes = {name: row[-1].removesuffix("|").strip() for row in rows("The ledger") for name in names(row[0])}
    assert set(codes) == set(ORDER)
    assert {name for name, code in codes.items() if code == "1"} == {*DEFECTS, *FAILURES}


def test_every_trend_is_described() -> None:
    assert {name for row in rows("Latencies") for name in names(row[0])} == set(TRENDS)


def test_the_gates_that_are_shown_are_gates() -> None:
    shown = re.findall(r"--gate '([^']+)'", GUIDE)
    assert len(shown) >= 5
    for text in shown:
        gate(text)


def test_every_option_that_is_named_exists() -> None:
    there = roomcheck("load", "--help-all").stdout + subprocess.run(
        [sys.executable, "-m", "locust", "--help"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout  # fmt: skip
    there += roomcheck("check", "--help").stdout + roomcheck("load", "--help").stdout
    there += " --burst-size "  # Of the scenario that is shown.
    for option in set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", GUIDE)):
        assert option in there, option


def documents(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((DEPLOY / name).read_text()))


def test_the_files_of_kubernetes_fit_together() -> None:
    kinds = {one["kind"]: one for one in documents("kubernetes.yaml")}
    assert set(kinds) == {"Service", "Job", "Deployment"}
    job, workers = kinds["Job"]["spec"]["template"], kinds["Deployment"]["spec"]["template"]
    assert kinds["Service"]["spec"]["selector"].items() <= job["metadata"]["labels"].items()
    assert kinds["Deployment"]["spec"]["selector"]["matchLabels"].items() <= workers["metadata"]["labels"].items()
    (port,) = kinds["Service"]["spec"]["ports"]
    assert port["targetPort"] in {one["name"] for one in job["spec"]["containers"][0]["ports"]}
    (worker,) = workers["spec"]["containers"]
    assert f"--master-host={kinds['Service']['metadata']['name']}" in worker["args"]
    assert f"--expect-workers={kinds['Deployment']['spec']['replicas']}" in job["spec"]["containers"][0]["args"]


def test_the_image_has_everything_that_it_runs_and_pins_it(tmp_path: Path) -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    copied = [word for line in re.findall(r"^COPY (.*)", text, re.MULTILINE) for word in line.split()[:-1]]
    assert all((ROOT / name).exists() for name in copied)
    pin = re.search(r"RUN (grep .*?) > constraints.txt", text, re.DOTALL)
    assert pin is not None
    lines = subprocess.run(
        ["sh", "-c", pin[1]], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    pinned = {
        Requirement(line.split(" #")[0]).name for line in lines if line.strip() and not line.strip().startswith("#")
    }
    assert {"locust", "picows", "uvloop", "msgspec", "typer"} <= pinned
    (compose,) = documents("compose.yaml")
    assert compose["x-image"]["build"]["dockerfile"] == "docs/deploy/Dockerfile"
    assert compose["services"]["worker"]["command"][:2] == ["--worker", "--master-host"]
    assert compose["services"]["master"]["command"][0] == "--master"
