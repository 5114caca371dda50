"""A page of the documentation is followed to the letter: files are written and commands run in order, in a folder."""

import contextlib
import re
import shlex
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.forks import Fork
from tests.running import HANG_S, PEER, clean_environment, free_port, roomcheck

STEP = re.compile(
    r"^(?:`(?P<file>[^`\n]+)`\n\n)?(?:<!--[^>]*-->\n\n)?```(?P<kind>js|html|yaml|sh)\n(?P<text>.*?)^```$", re.M | re.S
)
ENDS = re.compile(r"\s+# ends with (\d+)$")


def steps(page: str) -> list[tuple[str | None, str, str]]:
    """(file, language, text) of each block of a text, in order."""
    return [(found["file"], found["kind"], found["text"]) for found in STEP.finditer(page)]


def commands(text: str) -> Iterator[tuple[str, int]]:
    """(command, expected exit code)."""
    for line in text.splitlines():
        ends = ENDS.search(line)
        yield ENDS.sub("", line), int(ends[1]) if ends else 0


@dataclass
class Shell:
    """Runs the commands of the page in a folder; `&` leaves a program running, at another port than the page's."""

    folder: Path
    short: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """What is added to commands that end with 0, so that they are short."""
    node_modules: Path = PEER / "node_modules"
    ports: dict[str, int] = field(default_factory=lambda: {name: free_port() for name in ("3000", "4001", "4002")})
    running: dict[str, subprocess.Popen[str] | Fork] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    """The output of each command."""

    def run(self, command: str, expected: int) -> None:
        """Run one command, or start one that ends with `&`."""
        words = shlex.split(self.placed(command))
        if words[-1] == "&":
            self.start(command, words[:-1])
            return
        if words == ["kill", "$!"]:
            self.end_last()
            return
        if words[0] == "roomcheck":
            run = roomcheck(*words[1:], *(self.short.get(words[1], []) if expected == 0 else []), cwd=self.folder)
        else:
            run = subprocess.run(
                words,
                cwd=self.folder,
                env=self.environment(),
                capture_output=True,
                text=True,
                timeout=HANG_S,
                check=False,
            )
        self.said.append(run.stdout + run.stderr)
        assert run.returncode == expected, f"{command}\n{self.said[-1]}"
        assert "Traceback" not in self.said[-1]

    def environment(self) -> dict[str, str]:
        """What commands find: Node's packages, and the port of the page's service."""
        return clean_environment() | {"NODE_PATH": str(self.node_modules), "PORT": str(self.ports["3000"])}

    def end_last(self) -> None:
        """End what was started last, and read what it says until then."""
        command, program = list(self.running.items())[-1]
        program.send_signal(signal.SIGTERM)
        out, _ = program.communicate(timeout=HANG_S)
        self.said.append(out)
        assert program.returncode == 0, f"{command}\n{out}"
        del self.running[command]

    def start(self, command: str, words: list[str]) -> None:
        self.stop(command)
        environment = self.environment()
        program: subprocess.Popen[str] | Fork
        if words[0] == "node":
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
def shell(folder: Path, **more: object) -> Iterator[Shell]:
    """A shell in a folder; what it has left running is ended."""
    made = Shell(folder, **more)  # type: ignore[arg-type]
    try:
        yield made
    finally:
        for command in list(made.running):
            made.stop(command)
