"""The GitHub Action, the GitLab job and the script behind both, run as far as they can be without their vendors."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.golden import golden
from tests.once import once
from tests.running import HANG_S, ROOT, clean_environment, served
from tests.validators import valid_github, valid_gitlab, valid_html, valid_junit, valid_markdown, valid_sarif

ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
DRIFTED = "# Events\n\n- `message:new`\n- `message:broadcast`\n"


@dataclass(frozen=True)
class Ended:
    """What came of the steps."""

    code: int
    out: str
    err: str
    outputs: dict[str, str]
    summary: str
    folder: Path


def evaluated(text: str, inputs: dict[str, str], action: str) -> str:
    """A value of the action with its expressions filled in, as the runner does."""
    known = {f"inputs.{name}": str(value.get("default", "")) for name, value in ACTION["inputs"].items()}
    known |= {f"inputs.{name}": value for name, value in inputs.items()} | {"github.action_path": action}
    return re.sub(r"\$\{\{\s*([\w.-]+)\s*\}\}", lambda found: known[found[1]], text)


HERE = sysconfig.get_paths()["purelib"]
"""What is installed for the tests: pip finds the locked versions there, and has the action alone to install."""


def step(name: str, inputs: dict[str, str], folder: Path, temp: Path, *, installed: str = HERE) -> Ended:
    """Run a step of the action in a workspace.

    Args:
        installed: where packages are that need not be installed again; the lock is read all the same.
    """
    (found,) = [one for one in ACTION["runs"]["steps"] if one["id"] == name]
    assert "${{" not in found["run"], "what is given goes through the environment, where nothing of it is run"
    files = {one: folder / one.lower() for one in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for file in files.values():
        file.write_text("")
    environment = clean_environment() | {one: str(path) for one, path in files.items()}
    # Of what is installed a run imports a part, which Python compiles when it does.
    environment |= {"GITHUB_ACTIONS": "true", "RUNNER_TEMP": str(temp), "PIP_NO_COMPILE": "1"}
    environment |= {"PYTHONPATH": installed} if installed else {}
    environment |= {key: evaluated(value, inputs, str(temp / "action")) for key, value in found["env"].items()}
    run = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", found["run"]],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=HANG_S, check=False,
    )  # fmt: skip
    lines = files["GITHUB_OUTPUT"].read_text().splitlines()
    outputs = dict(line.split("=", 1) for line in lines)
    return Ended(run.returncode, run.stdout, run.stderr, outputs, files["GITHUB_STEP_SUMMARY"].read_text(), folder)


@pytest.fixture(scope="module")
def temp(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runner's folder, after the action has installed itself."""
    return once(tmp_path_factory, "runner", _installed)


def _checked_out(folder: Path) -> None:
    # An installation writes into the folder that it installs from.
    left_out = shutil.ignore_patterns(".git", ".venv", "node_modules", "build", "*.egg-info", "__pycache__")
    shutil.copytree(ROOT, folder / "action", ignore=left_out)


def _installed(folder: Path) -> None:
    _checked_out(folder)
    done = step("install", {}, folder, folder)
    assert done.code == 0, done.err


@pytest.mark.long
def test_with_nothing_installed_the_action_installs_all_that_it_needs(tmp_path: Path) -> None:
    _checked_out(tmp_path)
    done = step("install", {}, tmp_path, tmp_path, installed="")
    assert done.code == 0, done.err
    arguments = {"command": "align", "arguments": f"'{ROOT}/docs/sos-guide.md'"}
    done = step("run", arguments, tmp_path, tmp_path, installed="")
    assert (done.code, done.outputs["exit-code"]) == (0, "0"), done.out + done.err


def test_every_output_is_one_of_the_step_that_runs(temp: Path, tmp_path: Path) -> None:
    done = step("run", {"command": "align", "arguments": f"'{ROOT}/docs/sos-guide.md'"}, tmp_path, temp)
    assert done.code == 0, done.out + done.err
    declared = {one["value"] for one in ACTION["outputs"].values()}
    assert {f"${{{{ steps.run.outputs.{name} }}}}" for name in done.outputs} == declared
    assert done.outputs["exit-code"] == "0"
    assert "::error" not in done.out
    for name, valid in (("sarif", valid_sarif), ("junit", valid_junit), ("html", valid_html)):
        valid((tmp_path / done.outputs[name]).read_text())
    valid_gitlab((tmp_path / "roomcheck" / "codequality.json").read_text())
    valid_markdown(done.summary)
    assert done.summary.startswith("## Roomcheck align: holds")


def test_what_drifted_is_annotated_at_its_line_and_fails_the_step(temp: Path, tmp_path: Path) -> None:
    (tmp_path / "a guide.md").write_text(DRIFTED)
    words = {"command": "align", "arguments": '"a guide.md" --only wrong', "reports": "out"}
    done = step("run", words, tmp_path, temp)
    assert done.code == 1, done.err
    annotations = [line for line in done.out.splitlines() if line.startswith("::")]
    valid_github("".join(f"{line}\n" for line in annotations))
    where = "file=a guide.md,line=3,col=4,title=retired-event-is-not-used"
    assert annotations[0].startswith(f"::error {where}::message:new")
    results = json.loads((tmp_path / done.outputs["sarif"]).read_text())["runs"][0]["results"]
    assert results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20guide.md"
    lenient = step("run", {**words, "fail": "false"}, tmp_path, temp)
    assert (lenient.code, lenient.outputs["exit-code"]) == (0, "1")


def test_a_running_service_is_checked(temp: Path, tmp_path: Path) -> None:
    with served() as url:
        done = step("run", {"arguments": f"{url} --select error --wait-for 30"}, tmp_path, temp)
    assert done.code == 0, done.err
    assert done.outputs["exit-code"] == "0"
    gone = step("run", {"arguments": url}, tmp_path, temp)
    assert gone.code == 3
    assert "::error title=Roomcheck::nothing answers at " in gone.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"command": "serve"}, "roomcheck: command: expected check or align, got 'serve'"),
        ({"arguments": "'open"}, "roomcheck: arguments: a quote is not closed: 'open"),
        ({"arguments": "$(touch ran) `touch ran` ; touch ran"}, "unexpected extra argument"),
    ],
)
def test_a_slip_is_one_message_and_nothing_that_is_given_is_run(
    temp: Path, tmp_path: Path, words: dict[str, str], says: str
) -> None:
    done = step("run", words, tmp_path, temp)
    assert done.code == 2
    assert says in done.err
    assert not (tmp_path / "ran").exists()


def test_the_job_of_gitlab_writes_what_it_says_that_it_has(tmp_path: Path) -> None:
    job = yaml.safe_load((ROOT / "docs" / "ci" / "gitlab.yml").read_text())[".roomcheck"]
    variables = {**job["variables"], "COMMAND": "align", "ARGUMENTS": "guide.md"}
    (tmp_path / "guide.md").write_text(DRIFTED)
    environment = clean_environment() | {**variables, "CI_SERVER_URL": "http://127.0.0.1"}
    environment["PATH"] = f"{ROOT}/.venv/bin{os.pathsep}{environment['PATH']}"
    script = "\n".join(job["script"]).replace("/tmp/roomcheck", str(ROOT))  # noqa: S108 - where the job clones it
    run = subprocess.run(
        ["bash", "-ec", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1, run.stderr
    assert "::error" not in run.stdout
    for path in job["artifacts"]["reports"].values():
        assert (tmp_path / path.replace("${REPORTS}", variables["REPORTS"])).stat().st_size > 0
    (issue,) = json.loads((tmp_path / "roomcheck" / "codequality.json").read_text())
    assert issue["location"] == {"path": "guide.md", "lines": {"begin": 3}}


KILLED = """#!/bin/sh
if [ "$1" = report ]; then exec {python} -m cli "$@"; fi
while [ "$1" != --journal ]; do shift; done
head -c 20000 {journal} >"$2"
kill -9 $$
"""


def test_a_run_that_is_killed_has_reports_of_what_it_has_seen(tmp_path: Path) -> None:
    program = tmp_path / "bin" / "roomcheck"
    program.parent.mkdir()
    program.write_text(KILLED.format(python=sys.executable, journal=golden("check")))
    program.chmod(0o755)
    environment = clean_environment() | {"PATH": f"{program.parent}:/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        ["bash", str(ROOT / "docs" / "ci" / "run.sh")],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=HANG_S, check=False,
    )  # fmt: skip
    assert run.returncode == 137
    valid_sarif((tmp_path / "roomcheck" / "roomcheck.sarif").read_text())
    valid_gitlab((tmp_path / "roomcheck" / "codequality.json").read_text())
    assert "truncated" in (tmp_path / "roomcheck" / "junit.xml").read_text()


def test_the_examples_use_what_the_action_has() -> None:
    text = (ROOT / "docs" / "ci.md").read_text()
    blocks = re.findall(r"```yaml\n(.*?)```", text, re.S)
    whole = yaml.safe_load(blocks[0])
    (align,) = [one for one in whole["jobs"]["align"]["steps"] if one.get("uses") == "./"]
    steps = [align, *(one for block in blocks[1:] for one in yaml.safe_load(block))]
    used = {name for one in steps for name in one.get("with", ())}
    assert used <= set(ACTION["inputs"])
    assert set(re.findall(r"steps\.roomcheck\.outputs\.([\w-]+)", text)) <= set(ACTION["outputs"])
    for word in align["with"]["arguments"].split():
        assert word.startswith("--") or (ROOT / word).exists()
