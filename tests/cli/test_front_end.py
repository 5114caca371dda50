"""From a front end to contracts, types and a job of CI, as docs/own-service.md has it, with a page in a browser."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.driving import drive
from tests.following import Shell, commands, shell, steps
from tests.running import HANG_S, PEER, ROOT, lacking

LAST = "\n## From a front end\n"
TEXT = (ROOT / "docs" / "own-service.md").read_text("utf-8").split(LAST)[1]
PACKAGES = ROOT / "tests" / "peers" / "exchange" / "node_modules"
JOB = Path(".github", "workflows", "front-end.yml")

pytestmark = pytest.mark.peer


def follow(sh: Shell) -> None:
    """Write the files and run the commands of the section; its reader talks on the page before the recording ends."""
    for file, kind, text in steps(TEXT):
        if file is not None:
            (sh.folder / file).parent.mkdir(parents=True, exist_ok=True)
            (sh.folder / file).write_text(text, "utf-8")
            continue
        assert kind == "sh", text
        for command, expected in commands(text):
            if command == "kill $!":
                drive(sh.placed("http://127.0.0.1:4002"))
            sh.run(command, expected)


def job(sh: Shell) -> subprocess.CompletedProcess[str]:
    """Run the steps of the job in one shell; what they have started ends with it."""
    written = yaml.safe_load((sh.folder / JOB).read_text())
    runs = [step["run"] for step in written["jobs"]["front-end"]["steps"] if step.get("run", "npm ci") != "npm ci"]
    script = "trap 'kill $(jobs -p) 2>/dev/null' EXIT\n" + "\n".join(runs)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", sh.placed(script)], cwd=sh.folder, env=sh.environment() | {"PATH": path},
        capture_output=True, text=True, timeout=HANG_S, check=False,
    )  # fmt: skip


def committed(folder: Path) -> None:
    """What was inferred is on `main`."""
    author = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    for words in (("init", "-qb", "main"), ("add", "recorded"), (*author, "commit", "-qm", "Contracts")):
        subprocess.run(["git", *words], cwd=folder, check=True, timeout=HANG_S)


@pytest.mark.parametrize("changes", [False, pytest.param(True, marks=pytest.mark.long)], ids=["as it is", "changed"])
def test_a_front_end_becomes_contracts_types_and_a_job(changes: bool, tmp_path: Path) -> None:
    """The job holds; it fails once the service and its page call a field otherwise than the contracts."""
    if shutil.which("node") is None or not (PACKAGES / "typescript").is_dir() or not (PEER / "node_modules").is_dir():
        lacking("Node, or TypeScript")
    (tmp_path / "node_modules").symlink_to(PACKAGES)
    end_to_end = {"scripts": {"end-to-end": f"cd {ROOT} && {sys.executable} -m tests.driving"}}
    (tmp_path / "package.json").write_text(json.dumps(end_to_end))
    with shell(tmp_path, node_modules=PACKAGES) as sh:
        follow(sh)
        said = " ".join(" ".join(sh.said).split())
        for quoted in ("BREAKING said (server to client)", "`text`: was required, now not documented", "HOLDS"):
            assert quoted in said
        contract = json.loads((tmp_path / "recorded" / "events" / "said.json").read_text())["server_to_client"]
        assert contract["receivers"] == "room"
        sh.stop("node index.js &")
        committed(tmp_path)
        if changes:
            service, page = tmp_path / "index.js", tmp_path / "index.html"
            service.write_text(service.read_text().replace("text: msg.text", "message: msg.text"))
            page.write_text(page.read_text().replace("({ text }) =>", "({ message: text }) =>"))
        done = job(sh)
        assert done.returncode == int(changes), done.stdout + done.stderr
        assert ("payload-keeps-its-schema" in done.stdout) is changes
