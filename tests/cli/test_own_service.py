"""docs/own-service.md, followed to the letter: files are written and commands run in order, in an empty folder."""

import contextlib
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from tests.forks import Fork
from tests.running import PEER, ROOT, clean_environment, free_port, lacking, roomcheck

PAGE = ROOT / "docs" / "own-service.md"
STEP = re.compile(
    r"^(?:`(?P<file>[^`\n]+)`\n\n)?(?:<!--[^>]*-->\n\n)?```(?P<kind>js|yaml|sh)\n(?P<text>.*?)^```$", re.M | re.S
)
ENDS = re.compile(r"\s+# ends with (\d+)$")
SHORT = {
    "selftest": ["--lie", "bad-request-is-taken", "--select", "join"],
    "check": ["--select", "payload-keeps-its-schema", "--select", "everyone-in-the-room-receives"],
}
"""What makes a command short: all rules and lies are tried by the whole page, which is long."""


def steps() -> list[tuple[str | None, str, str]]:
    """(file, language, text) of each block, in order."""
    return [(found["file"], found["kind"], found["text"]) for found in STEP.finditer(PAGE.read_text("utf-8"))]


def commands(text: str) -> Iterator[tuple[str, int]]:
    """(command, expected exit code)."""
    for line in text.splitlines():
        ends = ENDS.search(line)
        yield ENDS.sub("", line), int(ends[1]) if ends else 0


@dataclass
class Shell:
    """Runs the commands of the page in a folder; `&` leaves a program running, at another port than the page's."""

    folder: Path
    short: bool
    ports: dict[str, int] = field(default_factory=lambda: {"3000": free_port(), "4001": free_port()})
    running: dict[str, subprocess.Popen[str] | Fork] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    """The output of each command."""

    def run(self, command: str, expected: int) -> None:
        """Run one command, or start one that ends with `&`."""
        words = shlex.split(self.placed(command))
        if words[-1] == "&":
            self.start(command, words[:-1])
            return
        assert words[0] == "roomcheck", command
        words += SHORT.get(words[1], []) if self.short and expected == 0 else []
        run = roomcheck(*words[1:], cwd=self.folder)
        self.said.append(run.stdout + run.stderr)
        assert run.returncode == expected, f"{command}\n{self.said[-1]}"
        assert "Traceback" not in self.said[-1]

    def start(self, command: str, words: list[str]) -> None:
        self.stop(command)
        environment = clean_environment()
        program: subprocess.Popen[str] | Fork
        if words[0] == "node":
            environment |= {"NODE_PATH": str(PEER / "node_modules"), "PORT": str(self.ports["3000"])}
            program = subprocess.Popen(words, cwd=self.folder, env=environment, stdout=subprocess.PIPE, text=True)
        else:
            program = Fork(("cli", *words[1:]), env=environment, cwd=self.folder, stderr=None)
        self.running[command] = program
        assert program.stdout is not None
        assert program.stdout.readline(), f"{command} said nothing"

    def stop(self, command: str) -> None:
        program = self.running.pop(command, None)
        if program is not None:
            program.kill()
            program.wait()
            if program.stdout:
                program.stdout.close()

    def placed(self, text: str) -> str:
        """A text of the page with the ports of this test."""
        for written, port in self.ports.items():
            text = re.sub(rf"\b{written}\b", str(port), text)
        return text


@contextlib.contextmanager
def shell(folder: Path, *, short: bool) -> Iterator[Shell]:
    made = Shell(folder, short)
    try:
        yield made
    finally:
        for command in list(made.running):
            made.stop(command)


@pytest.mark.peer
@pytest.mark.parametrize("short", [True, pytest.param(False, marks=pytest.mark.long)], ids=["short", "whole"])
def test_the_page_can_be_followed(short: bool, tmp_path: Path) -> None:
    if shutil.which("node") is None or not (PEER / "node_modules").is_dir():
        lacking("the Node peer")
    done: list[str] = []
    with shell(tmp_path, short=short) as sh:
        for file, kind, text in steps():
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
    page = PAGE.read_text("utf-8")
    for quoted in ("payload-keeps-its-schema", "nothing is documented that answers a bad one"):
        assert quoted in page
        assert quoted in " ".join(" ".join(sh.said).split())


def test_a_slip_is_named_as_the_page_says(tmp_path: Path) -> None:
    (text,) = [text for file, _, text in steps() if file == "team/events/say.yaml"]
    (message,) = re.findall(r"^    (team/events/say.yaml:.*)$", PAGE.read_text("utf-8"), re.M)
    words = ["--room", "room:{room}", "--enter", "join", "--event", "say=said", "--format", "yaml"]
    assert roomcheck("contracts", "new", "team", *words, cwd=tmp_path).returncode == 0
    (tmp_path / "team" / "events" / "say.yaml").write_text(text.replace("effect:", "effects:"))
    run = roomcheck("contracts", "validate", "team", cwd=tmp_path)
    assert run.returncode == 2
    assert message in run.stderr
    assert os.listdir(tmp_path) == ["team"]
