"""The documentation: it builds without a warning, what is generated is current, and every command in it can be run."""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.commands.rules import manual
from conformance.journal import records as journals
from contracts import manual as language
from reports.output import history
from tests.golden import KINDS, golden
from tests.running import HANG_S, PEER, ROOT, clean_environment, roomcheck, served

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMAND = re.compile(r"^(?: {4})?((?:roomcheck|locust|COMMAND=\S+) [^\n]*)$", re.M)
SERVICES = ("http://127.0.0.1:4001", "https://staging.example", "URL")
ELSEWHERE = {
    "locust -f loadtests/locustfile.py --host https://staging.example": "tests/load/test_ui.py opens Locust's web UI",
    "locust -f loadtests/locustfile.py --master": "tests/deployment/test_load_hosts.py runs a master and its workers",
    "locust -f loadtests/locustfile.py --worker": "the same",
    "roomcheck selftest --contracts contracts/mine": "tests/cli/test_general_lies.py tells lies about a chat",
    "roomcheck selftest --contracts <bundle>": "the same",
    "roomcheck serve --contracts": "tests/cli/test_serve.py serves until it is ended",
    "roomcheck record": "tests of recording run until they are ended",
    "roomcheck contracts infer": "tests/cli/test_infer.py has a recording",
    "roomcheck contracts coverage": "the same",
    "roomcheck contracts import asyncapi": "tests/cli/test_exchange.py has a document",
    "roomcheck contracts diff main:": "tests/cli/test_contracts_diff.py has a repository",
    "roomcheck contracts diff origin/main:": "the same",
    "roomcheck doctor --target staging": "two hosts that are not there; tests/cli/test_doctor.py",
    "roomcheck fuzz --target staging": "the same; tests/cli/test_fuzz.py",
    "roomcheck load --target staging": "the same; tests/load/test_dry_run.py",
    "locust -f writers.py": "tests/load/test_own_code.py has locustfiles with users of their own",
    "roomcheck check --target staging": "the same; tests/deployment/test_deployment.py",
}
"""Commands that are run by other tests."""

CLIENT = 'import { io } from "socket.io-client";\nconst socket = io();\nsocket.emit("sos:room:join", { sosId: "1" });\n'
BROKEN = ("roomcheck align docs --source src --wire check.ndjson",)
"""Commands that end with 1 here: the golden journal is that of a service which renames an event. All others hold."""


def commands() -> Iterator[tuple[str, str]]:
    """(page, command) of every line that a reader would copy, without its remark."""
    for page in PAGES:
        if page.name in (
            "rules.md",
            "own-service.md",
        ):  # Scripts, and no commands; test_own_service.py follows the other.
            continue
        fences = page.read_text().replace("\\\n", " ")
        for found in COMMAND.finditer(fences):
            line = re.sub(r"\s{2,}#.*$|\s#\s.*$", "", found[1]).strip()
            if not line.startswith(tuple(ELSEWHERE)):
                yield page.name, line


FOUND = [(page, command) for command, page in {command: page for page, command in commands()}.items()]


def shortened(words: list[str]) -> list[str]:
    """The command as it is, but for how long it loads and how much it checks: that is for other tests."""
    if words[:2] == ["roomcheck", "load"]:
        words = [word for word in words if not re.fullmatch(r"\d+m", word)]
        words = [word for word in words if word != "-t"]
        return [*words, "-t", "3s", *([] if "-u" not in words else ["-u", "2", "--sockets-per-user", "5"])]
    if words[:2] == ["roomcheck", "check"]:
        return [*words, "--select", "error"]
    if words[:2] == ["roomcheck", "fuzz"]:
        return [*words, "--count", "1", "--rate", "500"]
    return words


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with served() as found:
        yield found


def own_code() -> dict[str, str]:
    """The scenario and the users of one's own that the page about loads shows, by the names that its commands have."""
    shown = re.findall(r"^```python\n(.*?)^```$", (ROOT / "docs" / "load.md").read_text(), re.M | re.S)
    names = {"class Bursts": "bursts.py", "class Writer": "writers.py"}
    return {name: code for code in shown for begin, name in names.items() if begin in code}


LONG_PAGES = ("rules.md", "robustness.md", "contracts.md")
"""Of which the headings are enough, to which other pages link."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What the commands speak of: guides, source, contracts, and the journals of earlier runs."""
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    for page in LONG_PAGES:  # Half of all text, to be aligned by eight commands; `test_align.py` aligns all of it once.
        path = tmp_path / "docs" / page
        path.write_text("\n\n".join(line for line in path.read_text().splitlines() if line.startswith("#")))
    for kind in ("cases", "services"):
        shutil.copytree(ROOT / "tests" / kind, tmp_path / "tests" / kind, ignore=shutil.ignore_patterns("__pycache__"))
    for linked in re.findall(r"\(\.\./(tests/[\w/]+\.py)\)", (ROOT / "docs" / "expressible.md").read_text()):
        (tmp_path / linked).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / linked, tmp_path / linked)
    for name in ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "contracts", tmp_path / "contracts", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for source in ("src", "services/realtime/src"):
        shutil.copytree(PEER, tmp_path / source, ignore=shutil.ignore_patterns("node_modules"))
    (tmp_path / "app" / "src").mkdir(parents=True)
    (tmp_path / "app" / "src" / "client.ts").write_text(CLIENT)
    shutil.copytree(ROOT / "contracts" / "sos", tmp_path / "my-contracts")
    copies = {"run": "check", "main": "check", "branch": "check", "before": "load", "after": "load"}
    for name, kind in {**copies, **{kind: kind for kind in KINDS}}.items():
        shutil.copy(golden(kind), tmp_path / f"{name}.ndjson")
    for name, code in own_code().items():
        (tmp_path / name).write_text(code)
    history.add(tmp_path / "runs.db", [journals.read(golden("check"))])
    return tmp_path


def test_there_are_commands() -> None:
    assert len(FOUND) > 25
    assert {command for _, command in FOUND} >= set(BROKEN)
    assert {page for page, _ in FOUND} >= {"README.md", "index.md", "align.md", "load.md", "ci.md", "reports.md"}


@pytest.mark.parametrize(("page", "command"), FOUND, ids=[f"{page}: {command}" for page, command in FOUND])
def test_what_a_page_says_to_run_runs(page: str, command: str, url: str, folder: Path) -> None:
    page_command = command
    for name in SERVICES:
        command = re.sub(rf"(?<![\w=]){re.escape(name)}(?=[\s\"']|$)", url, command)
    if command.startswith("COMMAND="):
        line = command.replace("bash docs/ci/run.sh", f"bash {ROOT}/docs/ci/run.sh")
        environment = clean_environment() | {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
        run = subprocess.run(
            ["bash", "-c", line],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=HANG_S,
            check=False,
        )
    else:
        name, *words = shortened(shlex.split(command))
        assert name == "roomcheck"
        line, run = command, roomcheck(*words, cwd=folder)
    # Beside other work three seconds of load may be limited by this machine, or see nothing, and say so.
    told = ("generator-limited: ", "cannot tell: no delivery was seen")
    limited = "roomcheck load" in line and any(text in run.stdout for text in told)
    expected = 4 if limited else 1 if page_command in BROKEN else 0
    assert run.returncode == expected, f"{line}\n{run.stdout}{run.stderr}"
    assert "Traceback" not in run.stderr


def test_the_reference_of_rules_is_current() -> None:
    assert (ROOT / "docs" / "rules.md").read_text() == manual(), "`make docs` makes it anew"


def test_the_reference_of_contracts_is_current() -> None:
    assert (ROOT / "docs" / "contracts.md").read_text() == language.manual(), "`make docs` makes it anew"


def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")]
    run = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "WARNING" not in run.stderr
    # A page whose links lead to the tests is read in the repository alone.
    excluded = set((ROOT / "mkdocs.yml").read_text().partition("exclude_docs:")[2].partition("not_in_nav:")[0].split())
    pages = {path.stem for path in (ROOT / "docs").glob("*.md") if path.name not in excluded}
    assert {path.parent.name for path in (tmp_path / "site").glob("*/index.html")} >= pages - {"index"}
