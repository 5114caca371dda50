"""`roomcheck align`: findings as editors read them, fixes, generated blocks, every message and exit code."""

import json
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
import yaml

from conformance.journal.records import read
from tests.running import ROOT, roomcheck, served, settings

GUIDE = "# Events\n\n- `message:broadcast`\n- `message:new`\n\nThe room is `sos-{sosId}`.\n"


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    path = tmp_path / "guide.md"
    path.write_text(GUIDE)
    return path


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journal of a check of the reference service."""
    journal = tmp_path_factory.mktemp("wire") / "check.ndjson"
    assert roomcheck("check", "--journal", str(journal)).returncode == 0
    return journal


def test_a_drift_is_a_line_that_editors_read_and_ends_with_1(guide: Path) -> None:
    run = roomcheck("align", str(guide))
    assert run.returncode == 1
    first, write = run.stdout.splitlines()[:2]
    assert (
        first == f"{guide}:4:4: expected `message:broadcast`, got the retired `message:new` [retired-event-is-not-used]"
    )
    assert write == "    write message:broadcast"
    assert run.stdout.splitlines()[-1] == "DRIFTED 2 findings, 3 claims in 1 files"


def test_what_agrees_ends_with_0_and_is_a_matrix() -> None:
    run = roomcheck("align", "docs/sos-guide.md", "--source", "tests/peers/node")
    assert run.returncode == 0, run.stdout
    rows = [line.split() for line in run.stdout.splitlines()]
    assert rows[0] == ["event", "contract", "sos-guide.md", "source"]
    assert all(row[1:] == ["ok", "ok", "ok"] for row in rows[1:-1])
    assert len(rows) == 18
    assert roomcheck("align", "docs/sos-guide.md", "--quiet").stdout == ""


def test_the_wire_has_a_column_of_its_own(checked: Path) -> None:
    run = roomcheck("align", "docs/sos-guide.md", "--source", "tests/peers/node", "--wire", str(checked))
    assert run.returncode == 0, run.stdout
    rows = [line.split() for line in run.stdout.splitlines()][1:-1]
    assert len(rows) == 16
    assert all(row[1:] == ["ok"] * 4 for row in rows)


def test_the_wire_can_be_checked_now(tmp_path: Path) -> None:
    with served() as url:
        path = settings(tmp_path, realtime_urls=[url])
        run = roomcheck("align", "docs/sos-guide.md", "--target", "it", "--settings", str(path))
    assert run.returncode == 0, run.stdout
    assert len(run.stdout.splitlines()) == 18
    assert all(line.split()[1:] == ["ok"] * 3 for line in run.stdout.splitlines()[1:-1])


def test_what_the_service_does_otherwise_is_told_and_ends_with_1(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    with served("--lie", "message-is-new") as url:
        path = settings(tmp_path, realtime_urls=[url], timeouts={"deadline_s": 1})
        words = ("--target", "it", "--settings", str(path), "--only", "wrong", "--report", f"json={report}")
        run = roomcheck("align", "docs/sos-guide.md", *words)
    assert run.returncode == 1
    assert "wire: message:broadcast: expected the name 'message:broadcast', got 'message:new'" in run.stdout
    rows = {words[0]: words[1:] for words in map(str.split, run.stdout.splitlines())}
    assert rows["message:broadcast"] == ["ok", "ok", "WRONG"]
    assert rows["message:new"] == ["WRONG", "ok", "WRONG"], "the guide quotes it as wrong"
    told = [one["rule"] for one in json.loads(report.read_text())["verdicts"] if one["outcome"] == "fail"]
    assert "broadcast-keeps-its-name" in told


def test_a_check_that_was_cut_off_is_no_proof(checked: Path, tmp_path: Path) -> None:
    journal = tmp_path / "check.ndjson"
    lines = checked.read_text().splitlines(keepends=True)
    journal.write_text("".join(lines[:-1]))
    run = roomcheck("align", "docs/sos-guide.md", "--wire", str(journal))
    assert run.returncode == 4
    assert "the journal of the wire is truncated" in run.stderr
    assert run.stdout.splitlines()[-1].startswith("CANNOT TELL")


def test_a_journal_that_says_nothing_of_these_contracts_is_refused(tmp_path: Path) -> None:
    check, own = tmp_path / "check.ndjson", tmp_path / "align.ndjson"
    checked = roomcheck("check", "--contracts", "sos-built", "--select", "socket-connects", "--journal", str(check))
    assert checked.returncode == 0
    run = roomcheck("align", "docs/sos-guide.md", "--wire", str(check))
    assert run.returncode == 2
    assert "was checked against the contracts sos-built" in run.stderr
    roomcheck("align", "docs/sos-guide.md", "--journal", str(own))
    run = roomcheck("align", "docs/sos-guide.md", "--wire", str(own))
    assert run.returncode == 2
    assert "the journal of an alignment, which asks no service" in run.stderr


def test_a_fix_rewrites_what_can_only_mean_one_thing_and_a_diff_only_shows_it(guide: Path) -> None:
    shown = roomcheck("align", str(guide), "--diff")
    assert shown.returncode == 1
    assert "-- `message:new`" in shown.stdout
    assert "+- `message:broadcast`" in shown.stdout
    assert guide.read_text() == GUIDE
    run = roomcheck("align", str(guide), "--fix")
    assert run.returncode == 0, run.stdout
    assert guide.read_text() == GUIDE.replace("message:new", "message:broadcast").replace("sos-{", "sos:{")
    assert roomcheck("align", str(guide), "--fix").stdout.splitlines()[-1].startswith("ALIGNED")


def test_a_fix_keeps_the_ends_of_lines_and_what_stands_beside(tmp_path: Path) -> None:
    path = tmp_path / "guide.md"
    path.write_bytes("é `message:new` and `message:new`, **x**\r\n\r\n- `message:error`\r\n".encode())
    assert roomcheck("align", str(path), "--fix").returncode == 0
    assert path.read_bytes() == "é `message:broadcast` and `message:broadcast`, **x**\r\n\r\n- `error`\r\n".encode()


def test_a_generated_table_is_written_and_found_stale(tmp_path: Path) -> None:
    path = tmp_path / "guide.md"
    path.write_text("# Events\n\n<!-- roomcheck: events-table -->\nold\n<!-- /roomcheck -->\n\nMore.\n")
    stale = roomcheck("align", str(path))
    assert stale.returncode == 1
    assert "[events-table-is-current]" in stale.stdout
    run = roomcheck("align", str(path), "--update-blocks")
    assert run.returncode == 0, run.stdout
    assert f"{path}: updated" in run.stderr
    assert "| `sos:status:update` | client to server |" in path.read_text()
    assert path.read_text().endswith("<!-- /roomcheck -->\n\nMore.\n")
    assert "updated" not in roomcheck("align", str(path), "--update-blocks").stderr


def test_reports_and_the_journal_have_every_finding(guide: Path, tmp_path: Path) -> None:
    outs = {name: tmp_path / name for name in ("junit", "json", "markdown", "journal")}
    run = roomcheck(
        "align", str(guide), "--report", f"junit={outs['junit']}", "--report", f"json={outs['json']}",
        "--report", f"markdown={outs['markdown']}", "--journal", str(outs["journal"]),
    )  # fmt: skip
    assert run.returncode == 1
    root = ElementTree.fromstring(outs["junit"].read_text())  # noqa: S314 - our own
    cases = list(root.iter("testcase"))
    assert sum(case.find("failure") is not None for case in cases) == 2
    assert len({(case.get("classname"), case.get("name")) for case in cases}) == len(cases)
    report = json.loads(outs["json"].read_text())
    assert report["exit_code"] == 1
    jsonschema.validate(report, json.loads((ROOT / "docs" / "report.schema.json").read_text()))
    markdown = outs["markdown"].read_text()
    assert markdown.startswith("## Roomcheck align: **broken**")
    assert "| message:new | **wrong** | **wrong** |" in markdown
    assert "| retired-event-is-not-used | message:new" in markdown
    assert sum(one["outcome"] == "fail" for one in report["verdicts"]) == 2
    journal = read(outs["journal"])
    assert journal.header.command == "align"
    assert roomcheck("judge", str(outs["journal"])).returncode == 2


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ((), 2, "DOCS: which documents?"),
        (("nowhere.md",), 2, "nowhere.md: there is no such file or folder"),
        (("contracts",), 2, "contracts: there are no files of documents here (.md, .markdown, .mdx)"),
        (("README.md", "--source", "docs"), 2, "docs: there are no files of source here"),
        (("README.md", "--select", "room"), 2, "--select: no rule matches 'room'"),
        (("README.md", "--only", "right"), 2, "--only: expected wrong, got 'right'"),
        (("README.md", "--wire", "nowhere.ndjson"), 2, "nowhere.ndjson: cannot be read"),
        (("README.md", "--wire", "x", "--target", "y"), 2, "--target and --wire: give one of them"),
        (("README.md", "--settings", "x"), 2, "--settings: name the target, too, with --target"),
        (("README.md", "--target", "http://127.0.0.1:9"), 3, "nothing answers at http://127.0.0.1:9"),
        (("README.md", "--contracts", "nothing"), 2, "no contracts here"),
        (("README.md", "--report", "xml=x"), 2, "--report: there is no format 'xml'"),
        (("LICENSE",), 4, "CANNOT TELL 0 findings, 0 claims in 1 files: nothing here names an event"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_message(words: tuple[str, ...], code: int, says: str) -> None:
    run = roomcheck("align", *words)
    assert run.returncode == code, run.stdout + run.stderr
    assert says in run.stdout + run.stderr
    assert "Traceback" not in run.stderr


def test_a_comment_that_would_ignore_nothing_is_told(guide: Path) -> None:
    guide.write_text("`message:broadcast`\n\n<!-- roomcheck: ignore retired-event-is-not-usd why -->\n`message:new`\n")
    run = roomcheck("align", str(guide))
    assert run.returncode == 1
    assert f"{guide}:3: there is no rule 'retired-event-is-not-usd' to ignore; did you mean" in run.stderr


def test_what_cannot_be_read_is_said_and_the_rest_goes_on(guide: Path, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\x00\x01 binary")
    (tmp_path / "b.md").write_bytes("# Events\n\nüber".encode("latin-1"))
    (tmp_path / "c.md").symlink_to(tmp_path / "nowhere")
    (tmp_path / "d.md").write_bytes(b"# x\n" * 2_100_000)
    run = roomcheck("align", str(tmp_path))
    assert run.returncode == 1
    assert "[retired-event-is-not-used]" in run.stdout
    assert f"{tmp_path}/a.md: a binary file, so it was not read" in run.stderr
    assert f"{tmp_path}/b.md:3: not UTF-8, so the file was not read" in run.stderr
    assert f"{tmp_path}/c.md: cannot be read: No such file or directory" in run.stderr
    assert f"{tmp_path}/d.md: larger than 2 MB, so it was not read" in run.stderr
    guide.write_text("`message:broadcast`\n")
    assert roomcheck("align", str(tmp_path)).returncode == 4, "what was not read may be wrong"


def test_many_guides_are_read_by_several_processes_as_one_would(guide: Path, tmp_path: Path) -> None:
    for number in range(70):
        (tmp_path / f"{number:02}.md").write_text(GUIDE if number in (3, 69) else "`message:broadcast`\n")
    run = roomcheck("align", str(tmp_path), "--no-links")
    assert run.returncode == 1
    found = [line.split(":")[0] for line in run.stdout.splitlines() if "[" in line]
    assert found == sorted(str(tmp_path / name) for name in ("03.md", "69.md", "guide.md") for _ in range(2))


def test_the_hook_runs_the_command_that_there_is() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    name, *words = hook["entry"].split()
    assert name == "roomcheck"
    assert roomcheck(*words, "docs/sos-guide.md").returncode == 0


@pytest.mark.parametrize("lines", [10_000, pytest.param(40_000, marks=pytest.mark.long)])
def test_a_large_guide_is_read(lines: int, tmp_path: Path) -> None:
    path = tmp_path / "guide.md"
    path.write_text("- `message:broadcast` is told\n" * lines + "- `message:new` is told\n")
    run = roomcheck("align", str(path))
    assert run.returncode == 1
    assert f"{path}:{lines + 1}:4: expected" in run.stdout


def test_the_project_keeps_its_own_guide() -> None:
    run = roomcheck("align", "README.md", "docs", "--ignore", "contract-event-is-in-documents")
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("columns", ["60", "80", "200"])
def test_the_matrix_fits_the_terminal(columns: str) -> None:
    run = roomcheck("align", "docs/sos-guide.md", env={"COLUMNS": columns})
    rows = [line for line in run.stdout.splitlines() if line.startswith(("event", "participant", "sos:"))]
    assert len(rows) == 10
    assert max(map(len, rows)) <= int(columns)
    assert all("participants:active:request" in row for row in rows if row.startswith("participants"))
