"""`contracts diff`: folders, bundled names and revisions of git; text, changelog, journal and reports; bad input."""

import io
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from conformance.commands.diff import DiffOptions, run
from conformance.journal import records
from conformance.model.verdict import Outcome
from conformance.support.errors import UsageError
from contracts.faults import ContractError
from contracts.load import HERE
from reports import formats
from tests import validators
from tests.running import roomcheck

BREAKING = ("events/pen-take.json", "/client_to_server/payload/properties/pen/enum", ["red", "green"])
RISKY = ("events/note-added.json", "/server_to_client/receivers", "everyone")
SAFE = ("events/pen-take.json", "/client_to_server/payload/properties/colour", {"type": "string"})
WORDS = ("events/pen-take.json", "/summary", "Takes it.")
Edit = tuple[str, str, Any]
SHOWN = {"badge": "broken", "prometheus": 'outcome="fail"} 1'}
"""What shows a breaking change in formats that name no rules."""


def edit(folder: Path, *edits: Edit) -> Path:
    for name, pointer, value in edits:
        path = folder / name
        document = json.loads(path.read_text())
        *steps, last = pointer.split("/")[1:]
        part = document
        for step in steps:
            part = part[step]
        part[last] = value
        for way in ("client_to_server", "server_to_client"):
            document.get(way, {}).pop("examples", None)
        path.write_text(json.dumps(document, indent=2))
    return folder


def example(into: Path, *edits: Edit) -> str:
    return str(edit(Path(shutil.copytree(HERE / "example", into)), *edits))


def told(old: str, new: str, width: int = 80, **more: Any) -> tuple[int, str]:
    """The exit code and the text of a comparison."""
    out = Console(file=io.StringIO(), width=width, color_system=None)
    code = run(DiffOptions(old=old, new=new, **more), out, quiet=more.pop("quiet", False))
    assert isinstance(out.file, io.StringIO)
    return code, out.file.getvalue()


@pytest.mark.parametrize(
    ("edits", "codes", "last"),
    [
        ((), (0, 0, 0), "version: 1.0 can stay"),
        ((WORDS,), (0, 0, 0), "version: patch, 1.0 -> 1.0.1 (the new contracts say 1.0)"),
        ((SAFE,), (0, 0, 0), "version: minor, 1.0 -> 1.1.0 (the new contracts say 1.0)"),
        (
            (RISKY,), (0, 1, 0),
            "version: minor, 1.0 -> 1.1.0; major if what is risky breaks somebody (the new contracts say 1.0)",
        ),
        ((BREAKING, SAFE, RISKY), (1, 1, 0), "version: major, 1.0 -> 2.0.0 (the new contracts say 1.0)"),
    ],
    ids=["same", "words", "safe", "risky", "breaking"],
)  # fmt: skip
def test_the_exit_code_follows_fail_on(
    edits: tuple[Edit, ...], codes: tuple[int, ...], last: str, tmp_path: Path
) -> None:
    new = example(tmp_path / "new", *edits)
    for fail_on, code in zip(("breaking", "risky", "never"), codes, strict=True):
        got, text = told("example", new, fail_on=fail_on)
        assert (got, text.splitlines()[-1]) == (code, last)


def test_a_person_reads_what_has_changed_where_and_what_it_means(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    example(tmp_path / "new", BREAKING)
    monkeypatch.chdir(tmp_path)
    _, text = told("example", "new")
    line = next(
        n for n, one in enumerate((tmp_path / "new" / BREAKING[0]).read_text().splitlines(), 1) if '"enum"' in one
    )
    assert text.splitlines()[:5] == [
        "BREAKING  pen:take  (client to server)",
        '          `pen`: was "red", "green", "blue", now "red", "green"',
        "          clients that send what was allowed are refused",
        '          as in {"room": "sample", "pen": "blue"}',
        f"          new/events/pen-take.json:{line} [request-takes-what-it-took]",
    ]
    assert max(map(len, text.splitlines())) <= 80


def test_every_report_shows_the_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example(tmp_path / "new", BREAKING, RISKY)
    monkeypatch.chdir(tmp_path)
    asked = tuple(f"{name}={name}.out" for name in formats())
    code, _ = told("example", "new", reports=asked, journal=Path("run.ndjson"))
    assert code == 1
    for name in formats():
        text = Path(f"{name}.out").read_text()
        getattr(validators, f"valid_{name}")(text)
        assert SHOWN.get(name, "request-takes-what-it-took") in text, name
    journal = records.read(Path("run.ndjson"))
    assert (journal.header.command, journal.footer and journal.footer.exit_code) == ("diff", 1)
    bad = [one for one in journal.verdicts if one.outcome in (Outcome.FAIL, Outcome.WARNING)]
    assert [(one.rule, one.place.rpartition(":")[0]) for one in bad] == [
        ("request-takes-what-it-took", "new/events/pen-take.json"),
        ("receivers-are-the-same", "new/events/note-added.json"),
    ]
    (result, *_) = json.loads(Path("sarif.out").read_text())["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "new/events/pen-take.json"
    assert f":{place['region']['startLine']}" == bad[0].place.removeprefix("new/events/pen-take.json")
    keys = [(one.rule, one.subject) for one in journal.verdicts]
    assert len(set(keys)) == len(keys)


def test_the_journal_of_a_comparison_is_not_judged_again(tmp_path: Path) -> None:
    told("example", "example", journal=tmp_path / "run.ndjson")
    again = roomcheck("judge", "run.ndjson", cwd=tmp_path)
    assert (again.returncode, "has no transcripts to judge" in again.stderr) == (2, True)


def test_a_changelog_is_written_or_printed(tmp_path: Path) -> None:
    new = example(tmp_path / "new", BREAKING, RISKY, WORDS)
    path = tmp_path / "entry.md"
    told("example", new, changelog=path)
    entry = path.read_text()
    assert entry.splitlines()[:4] == [
        "## 2.0.0", "", "### Breaking", "",
    ]  # fmt: skip
    change = '- `pen:take`: `pen`: was "red", "green", "blue", now "red", "green"; '
    assert f"{change}clients that send what was allowed are refused" in entry.splitlines()
    assert "### May break" in entry
    assert told("example", new, changelog=Path("-")) == (1, entry)
    assert told("example", "example", changelog=Path("-")) == (0, "## 1.0\n\nNo changes of the contracts.\n")
    with pytest.raises(UsageError, match=r"--changelog: .* cannot be written"):
        told("example", new, changelog=tmp_path / "gone" / "entry.md")


def test_a_changelog_shows_hostile_names_as_text(tmp_path: Path) -> None:
    new = example(tmp_path / "new")
    name = "x`<script>\u202e\n# head"
    (tmp_path / "new" / "events" / "x.json").write_text(json.dumps({
        "event": name, "summary": "s", "source": "s",
        "client_to_server": {"payload": {}, "reply": {"ack": True, "payload": {}}},
    }))  # fmt: skip
    _, entry = told("example", new, changelog=Path("-"))
    assert (
        "- `` x`<script>\\u202e\\u000a# head ``: event: was not documented, now added; nobody knows it yet"
        in entry.splitlines()
    )
    assert "\\u202e" in told("example", new)[1]


# --- revisions of git ----------------------------------------------------------------------------------------------


def git(folder: Path, *words: str) -> str:
    named = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main", "-c", "commit.gpgSign=false")
    return subprocess.run(["git", *named, *words], cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two bundles of which one extends the other, changed since in a branch, and not committed once more."""
    root = tmp_path_factory.mktemp("repository")
    example(root / "contracts" / "board")
    child = {"bundle": "child", "extends": "../board", "title": "t", "version": "1.0.0", "summary": "s", "source": "s"}
    (root / "contracts" / "child").mkdir()
    (root / "contracts" / "child" / "bundle.json").write_text(json.dumps(child))
    (root / "odd").symlink_to("/etc")
    git(root, "init")
    git(root, "add", "-A")
    git(root, "commit", "-m", "one")
    git(root, "checkout", "-b", "next")
    edit(root / "contracts" / "board", BREAKING)
    git(root, "commit", "-am", "two")
    return root


def test_revisions_are_compared_without_touching_the_working_tree(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository)
    before = git(repository, "status", "--porcelain"), git(repository, "rev-parse", "HEAD")
    code, text = told("main:contracts/board", "next:contracts/board")
    assert code == 1
    assert "contracts/board/events/pen-take.json:" in text
    assert "roomcheck-" not in text
    assert told("next~1:contracts/board", "contracts/board")[0] == 1
    assert told("next:contracts/board", "contracts/board")[0] == 0
    # The bundle that it extends is that of the same revision.
    assert told("main:contracts/child", "next:contracts/child")[0] == 1
    monkeypatch.chdir(repository / "contracts")
    assert told("main:./board", "board")[0] == 1
    assert (git(repository, "status", "--porcelain"), git(repository, "rev-parse", "HEAD")) == before


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("mian:contracts/board", "mian: git knows no such revision; did you mean 'main'?"),
        ("--help:contracts/board", "--help: git knows no such revision"),
        ("main:board", "there is no 'board' in that revision; paths begin at the root of the repository"),
        ("main:board", "; did you mean main:contracts/board?"),
        ("main:../../x", "the path leads out of the repository"),
        ("main:/etc", "the path leads out of the repository"),
        (":contracts/board", "expected REVISION:PATH"),
        ("main:a\0b", "a name with a zero byte"),
    ],
)  # fmt: skip
def test_a_revision_that_is_not_there_is_named(
    name: str, said: str, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository / "contracts")
    with pytest.raises(UsageError) as error:
        told(name, "board")
    assert said in str(error.value)


def test_faults_of_a_revision_are_told_of_its_files(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository)
    for name, said in (
        ("main:odd", "main:odd:1: no contracts here"),
        ("main:contracts", "did you mean main:contracts/board?"),
    ):
        with pytest.raises(ContractError) as error:
            told(name, "contracts/board")
        assert said in str(error.value)


def test_outside_of_a_repository_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(UsageError, match="main: the working folder is in no git repository"):
        told("main:contracts/sos", "sos")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="git is not installed: name folders"):
        told("main:contracts/sos", "sos")


def test_the_command_says_what_is_wrong_with_its_words(tmp_path: Path) -> None:
    for words, said in (
        (("sos", "sso"), "no contracts here: expected a folder with a bundle.json, or a bundled name"),
        (("sos", "sos", "--fail-on", "all"), "--fail-on: expected breaking, risky or never, got 'all'"),
    ):
        made = roomcheck("contracts", "diff", *words, cwd=tmp_path)
        assert made.returncode == 2
        assert said in made.stderr
    quiet = roomcheck("contracts", "diff", "sos", "sos", "--quiet", cwd=tmp_path)
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")
    explained = roomcheck("rules", "explain", "deadline-is-the-same", cwd=tmp_path)
    assert explained.stdout.startswith("deadline-is-the-same\n\nDeadlines stay as they were.\n")
