"""Where reports go, and what is refused before anything is run."""

from pathlib import Path

import pytest

from conformance.support.errors import UsageError
from reports.output.destinations import outlets, rendered, write


def test_a_report_is_asked_for_by_its_format_and_its_file(tmp_path: Path) -> None:
    one, two = tmp_path / "a.xml", tmp_path / "b=c.md"
    assert outlets((f"junit={one}", f"markdown={two}"), None) == [("junit", one), ("markdown", two)]
    assert outlets((), tmp_path / "run.ndjson") == []
    assert not one.exists()


REFUSED = {
    "no path": (("junit",), "--report: expected FORMAT=PATH, got 'junit'"),
    "an empty path": (("junit=",), "--report: expected FORMAT=PATH, got 'junit='"),
    "an unknown format": (("junot=a.xml",), "--report: there is no format 'junot'; did you mean 'junit'?"),
    "standard output": (("junit=-",), "--report: 'junit=-': a report goes into a file; name one"),
    "no such folder": (("junit=HERE/nowhere/a.xml",), "--report: there is no folder 'HERE/nowhere' to write"),
    "a folder": (("junit=HERE",), "--report: 'HERE' is a folder; name a file in it"),
    "one file twice": (("junit=HERE/a", "markdown=HERE/./a"), "--report/--journal/--history: two outputs go to"),
    "the journal": (("junit=HERE/run.ndjson",), "--report/--journal/--history: two outputs go to"),
    "the history": (("junit=HERE/history.ndjson",), "--report/--journal/--history: two outputs go to"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_written_is_refused_before_anything_is_run(what: str, tmp_path: Path) -> None:
    reports, message = REFUSED[what]
    reports = tuple(text.replace("HERE", str(tmp_path)) for text in reports)
    with pytest.raises(UsageError) as raised:
        outlets(reports, tmp_path / "run.ndjson", tmp_path / "history.ndjson")
    assert message.replace("HERE", str(tmp_path)) in str(raised.value)


def test_a_report_does_not_take_the_place_of_what_it_is_made_from(tmp_path: Path) -> None:
    path = tmp_path / "run.ndjson"
    path.write_text("journal")
    with pytest.raises(UsageError, match="is what the report is made from; name another file"):
        write("report", path, "--output", [path])
    assert path.read_text() == "journal"
    write("report \ud800", tmp_path / "report", "--output", [path])
    assert (tmp_path / "report").read_text() == "report \\ud800"
    with pytest.raises(UsageError, match="cannot be written: Is a directory"):
        write("report", tmp_path, "--output")


def test_a_report_of_an_unknown_format_is_refused() -> None:
    with pytest.raises(UsageError, match="FORMAT: there is no format 'junot'; did you mean 'junit'"):
        rendered("junot", [])
