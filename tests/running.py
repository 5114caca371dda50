"""Programs that tests start: each announces its address on a line of its own, and is ended by its own handle."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from tests.forks import Fork

ROOT = Path(__file__).parent.parent
PEER = ROOT / "tests" / "peers" / "node"
BUILT_PEER = ROOT / "tests" / "peers" / "built"
INTERNAL_TOKEN = "internal-secret-key"
"""What the internal calls of the peer as built want as `x-internal-token` unless it is told otherwise."""
KEY = "a key for the tests alone, which is long enough"
HANG_S = 300
"""After this a program is taken to hang. No measure of speed: tests of time measure what they compare."""


@contextlib.contextmanager
def started(*words: str, said: str = "") -> Iterator[tuple[subprocess.Popen[str] | Fork, str]]:
    """A program and the first line that it prints, or the first in which it has `said` something.

    A module or code of Python is forked from a process that has its imports.
    """
    program: subprocess.Popen[str] | Fork
    if words[0] == sys.executable and words[1] in ("-m", "-c"):
        program = Fork(words[2:] if words[1] == "-m" else words[1:], env=clean_environment(), stderr=None)
    else:
        program = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=clean_environment())
    watchdog = threading.Timer(HANG_S, program.kill)
    watchdog.start()
    try:
        assert program.stdout is not None
        line = next((line for line in iter(program.stdout.readline, "") if said in line), "")
        assert line, f"{words} printed nothing with {said!r}"
        watchdog.cancel()
        yield program, line
    finally:
        watchdog.cancel()
        program.kill()
        program.wait()
        if program.stdout:
            program.stdout.close()


def clean_environment() -> dict[str, str]:
    """The environment without what would change the commands' behaviour."""
    return {k: v for k, v in os.environ.items() if not k.startswith("ROOMCHECK_")} | {"COLUMNS": "100"}


def roomcheck(
    *words: str, timeout_s: float = HANG_S, env: dict[str, str] | None = None, cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end, in a process that was forked with its imports."""
    with Fork(("cli", *words), env=clean_environment() | (env or {}), cwd=cwd) as run:
        out, err = run.communicate(timeout_s)
    return subprocess.CompletedProcess(["roomcheck", *words], run.returncode or 0, out, err)


def is_limited(code: int, said: str) -> bool:
    """Whether a load could not keep up, which it says: on a machine that is busy besides, any may."""
    return code == 4 and "generator-limited" in said


def load_held(run: subprocess.CompletedProcess[str]) -> bool:
    """Whether a load found every delivery in order, as far as it could tell on this machine."""
    held = run.returncode == 0 and "holds: every one of " in run.stdout
    return held or is_limited(run.returncode, run.stdout)


def lacking(what: str) -> NoReturn:
    """Skip a test for want of something; in CI, where `make test` has installed it, that is a failure."""
    why = f"{what} is not installed; `make test` installs it"
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


@contextlib.contextmanager
def served(*options: str) -> Iterator[str]:
    """The reference service in a process of its own; its URL."""
    with started(sys.executable, "-m", "cli", "serve", "--port", "0", *options) as (_, line):
        yield line.split()[2].rstrip(",")


@contextlib.contextmanager
def peer(*options: str) -> Iterator[str]:
    """The peer on Node's official server; its URL."""
    if shutil.which("node") is None or not (PEER / "node_modules").is_dir():
        lacking("the Node peer")
    with started("node", str(PEER / "server.js"), "--port", "0", *options) as (_, line):
        yield json.loads(line)["url"]


@contextlib.contextmanager
def built_peer(*options: str) -> Iterator[str]:
    """The service as built and published, `--polling dies` unless told otherwise; its URL."""
    with built_process(*options) as (_, url):
        yield url


@contextlib.contextmanager
def built_process(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The same, with its process, for tests of whether it stays alive."""
    if shutil.which("node") is None or not (BUILT_PEER / "node_modules").is_dir():
        lacking("the Node peer as built")
    with started("node", str(BUILT_PEER / "server.js"), *options) as (program, line):
        yield program, json.loads(line)["url"]


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def settings(folder: Path, name: str = "it", **table: object) -> Path:
    """Write a `roomcheck.toml` with one target."""
    path = folder / "roomcheck.toml"
    lines = [f"[targets.{name}]", *(f"{key} = {toml(value)}" for key, value in table.items())]
    path.write_text("\n".join(lines) + "\n")
    return path


def toml(value: object) -> str:
    """A value as TOML writes it on one line."""
    match value:
        case dict():
            return "{" + ", ".join(f"{json.dumps(key)} = {toml(inner)}" for key, inner in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(toml, value)) + "]"
        case _:
            return json.dumps(value)
