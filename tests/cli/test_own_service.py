"""docs/own-service.md, followed to the letter: files are written and commands run in order, in an empty folder."""

import os
import re
import shutil
from pathlib import Path

import pytest
import yaml

from tests.following import commands, shell, steps
from tests.running import PEER, ROOT, lacking, roomcheck

PAGE = ROOT / "docs" / "own-service.md"
TEXT = PAGE.read_text("utf-8")
FIRST = TEXT.split("\n## From a front end\n")[0]
"""The rest has a test of its own: it needs a browser."""
SHORT = {
    "selftest": ["--lie", "bad-request-is-taken", "--select", "join"],
    "check": ["--select", "payload-keeps-its-schema", "--select", "everyone-in-the-room-receives"],
}
"""What makes a command short: all rules and lies are tried by the whole page, which is long."""


@pytest.mark.peer
@pytest.mark.parametrize("short", [True, pytest.param(False, marks=pytest.mark.long)], ids=["short", "whole"])
def test_the_page_can_be_followed(short: bool, tmp_path: Path) -> None:
    if shutil.which("node") is None or not (PEER / "node_modules").is_dir():
        lacking("the Node peer")
    done: list[str] = []
    with shell(tmp_path, short=SHORT if short else {}) as sh:
        for file, kind, text in steps(FIRST):
            if file is not None:
                path = tmp_path / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
                continue
            assert kind == "sh", text
            for command, expected in commands(text):
                sh.run(command, expected)
                done.append(command)
        job = yaml.safe_load((tmp_path / ".github" / "workflows" / "contracts.yml").read_text())
        for step in job["jobs"]["check"]["steps"]:
            for command in step.get("run", "").splitlines():
                if command.startswith("roomcheck"):
                    sh.run(command, 0)
    assert len(done) >= 15
    assert (tmp_path / "junit.xml").is_file()
    for quoted in ("payload-keeps-its-schema", "nothing is documented that answers a bad one"):
        assert quoted in TEXT
        assert quoted in " ".join(" ".join(sh.said).split())


def test_a_slip_is_named_as_the_page_says(tmp_path: Path) -> None:
    (text,) = [text for file, _, text in steps(FIRST) if file == "team/events/say.yaml"]
    (message,) = re.findall(r"^    (team/events/say.yaml:.*)$", TEXT, re.M)
    words = ["--room", "room:{room}", "--enter", "join", "--event", "say=said", "--format", "yaml"]
    assert roomcheck("contracts", "new", "team", *words, cwd=tmp_path).returncode == 0
    (tmp_path / "team" / "events" / "say.yaml").write_text(text.replace("effect:", "effects:"))
    run = roomcheck("contracts", "validate", "team", cwd=tmp_path)
    assert run.returncode == 2
    assert message in run.stderr
    assert os.listdir(tmp_path) == ["team"]
