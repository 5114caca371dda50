"""Every format against its validator: golden journals, an empty run, one cut off, one too long, one all hostile."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import msgspec
import pytest
from markdown_it import MarkdownIt
from prometheus_client.parser import text_string_to_metric_families

from conformance.journal import records as journals
from conformance.journal.records import Aligned, Journal
from conformance.model.verdict import Outcome, Verdict
from reports import formats, renderer
from tests.golden import KINDS, golden
from tests.records import finished, header, hostile, hostile_records, many
from tests.running import ROOT, lacking, roomcheck
from tests.validators import valid_html, valid_junit, validators

LONG = 15_000
"""Verdicts of a journal that no format can tell one by one."""


VALID = validators()


def truncated(tmp_path: Path) -> Journal:
    path = tmp_path / "cut.ndjson"
    lines = golden("check").read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-2]) + lines[-2][:40])
    return journals.read(path)


@pytest.mark.parametrize("name", formats())
@pytest.mark.parametrize("kind", KINDS)
def test_a_golden_journal_is_rendered_as_its_readers_want_it(name: str, kind: str) -> None:
    VALID[name](renderer(name)([journals.read(golden(kind))]))


@pytest.mark.parametrize("name", sorted(set(formats()) - {"json", "csv"}))
def test_several_journals_are_one_report(name: str) -> None:
    VALID[name](renderer(name)([journals.read(golden(kind)) for kind in KINDS]))


def test_several_journals_are_a_list_and_tables_one_below_the_other() -> None:
    made = [journals.read(golden(kind)) for kind in KINDS]
    assert [one["complete"] for one in json.loads(renderer("json")(made))] == [True] * 3
    first, second = renderer("csv")(made).split("\n\n")
    assert first.startswith("command,outcome,rule")
    assert second.startswith("run,at_s,sockets")


@pytest.mark.parametrize("name", formats())
def test_an_empty_run_is_valid(name: str) -> None:
    VALID[name](renderer(name)([finished([header()])]))


@pytest.mark.parametrize("name", formats())
def test_a_run_that_was_cut_off_says_so(name: str, tmp_path: Path) -> None:
    text = renderer(name)([truncated(tmp_path)])
    VALID[name](text)
    assert re.search(r"truncated|cut off|\"complete\": false|run_complete\{.*\} 0\n", text)


def test_every_format_has_a_validator_and_every_validator_a_format() -> None:
    assert sorted(VALID) == sorted(formats())


EVERYTHING = frozenset(Outcome)
WHOLE = {
    "csv": EVERYTHING,
    "json": EVERYTHING,
    "junit": EVERYTHING,
    "markdown": EVERYTHING - {Outcome.PASS, Outcome.SKIP},
}
"""Formats that list every verdict of these outcomes. Markdown ends by its bytes, which a test below reaches."""

COUNTED = {"badge", "prometheus"}
"""Formats that count verdicts and list none."""


@pytest.mark.parametrize("name", sorted(set(formats()) - set(WHOLE) - COUNTED))
def test_what_is_too_long_says_what_it_leaves_out(name: str) -> None:
    text = renderer(name)([many(LONG)])
    VALID[name](text)
    assert text.count("event:") < LONG
    assert re.search(r"[\d,]+ more ", text)


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_a_format_without_an_end_leaves_nothing_out(name: str) -> None:
    made = many(LONG)
    text = renderer(name)([made])
    VALID[name](text)
    assert not re.search(r"[\d,]+ more ", text)
    wanted = {one.subject for one in made.verdicts if one.outcome in WHOLE[name]}
    assert wanted - set(re.findall(r"event:\d+", text)) == set()


@pytest.mark.parametrize("name", sorted(COUNTED))
def test_what_only_counts_is_short_of_any_run(name: str) -> None:
    text = renderer(name)([many(LONG)])
    VALID[name](text)
    assert len(text) < 20_000
    assert "event:" not in text


@pytest.mark.parametrize("name", formats())
@pytest.mark.parametrize("command", [*KINDS, "another"])
def test_hostile_texts_break_out_of_no_report(name: str, command: str) -> None:
    text = renderer(name)([hostile(command)])
    text.encode("utf-8")
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202e]", text)
    VALID[name](text)
    assert len(text) < 9_000_000 or name in ("json", "csv", "junit"), "a text without an end is cut, and that is said"


# --- what each has to tell ------------------------------------------------------------------------------------


def test_the_json_report_keeps_its_schema() -> None:
    schema = json.loads((ROOT / "docs" / "report.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    for records in (hostile_records(), [header()]):
        report = json.loads(renderer("json")([finished(records)]))
        jsonschema.validate(report, schema)
    assert report["verdicts"] == []


def test_the_markdown_report_renders_hostile_texts_as_nothing_but_text() -> None:
    records = [*hostile_records(), Aligned(columns=("<b>",), rows={"a|b": (("wrong", "x", ""),)})]
    text = renderer("markdown")([finished(records)])
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    tags = set(re.findall(r"<(\w+)", html))
    assert tags <= {"h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "strong", "blockquote", "details",
                    "summary", "ul", "li"}  # fmt: skip
    assert "a|b" in html
    assert "http://" not in text, "what would be made a link"


def test_a_markdown_report_that_would_be_too_long_says_what_it_leaves_out() -> None:
    verdict = hostile_records()[2]
    assert isinstance(verdict, Verdict)
    many = [msgspec.structs.replace(verdict, outcome=Outcome.FAIL, subject=f"{n} {'x' * 400}") for n in range(5000)]
    text = renderer("markdown")([finished([header(), *many])])
    assert len(text.encode()) <= 1_048_576
    assert re.search(r"\*\d+ more lines are left out: the journal has them\.\*", text)


def test_the_junit_report_is_what_readers_expect() -> None:
    made = finished(hostile_records())
    text = renderer("junit")([made])
    root = ElementTree.fromstring(text.encode("utf-8"))  # noqa: S314 - our own output
    cases = list(root.iter("testcase"))
    names = [(case.get("classname"), case.get("name")) for case in cases]
    assert len(names) == len(set(names))
    failing = [case for case in cases if case.find("failure") is not None]
    assert len(failing) == sum(verdict.outcome is Outcome.FAIL for verdict in made.verdicts)
    errors = sum(verdict.outcome is Outcome.ERROR for verdict in made.verdicts)
    assert sum(case.find("error") is not None for case in cases) == errors > 5
    assert not re.search("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
    for suite in root.iter("testsuite"):
        assert int(suite.get("tests", "-1")) == len(list(suite.iter("testcase")))
        assert int(suite.get("failures", "-1")) == len(list(suite.iter("failure")))


def test_a_finding_of_the_wire_stands_at_its_contract_and_names_the_lines_that_speak_of_it() -> None:
    (run,) = json.loads(renderer("sarif")([journals.read(golden("align"))]))["runs"]
    found = {one["ruleId"]: one for one in run["results"]}
    wire = found["broadcast-keeps-its-name"]["locations"][0]["physicalLocation"]
    assert wire["artifactLocation"]["uri"] == "contracts/sos/events/message.message-broadcast.json"
    related = [one["physicalLocation"] for one in found["broadcast-keeps-its-name"]["relatedLocations"]]
    assert [(one["artifactLocation"]["uri"], one["region"]["startLine"]) for one in related] == [("guide.md", 3)]
    drift = found["retired-event-is-not-used"]["locations"][0]["physicalLocation"]
    assert (drift["artifactLocation"]["uri"], drift["region"]["startLine"]) == ("guide.md", 4)
    assert all(rule["help"]["text"] for rule in run["tool"]["driver"]["rules"])


def test_fingerprints_stay_where_lines_move() -> None:
    def prints(made: Journal) -> list[list[str]]:
        sarif = json.loads(renderer("sarif")([made]))["runs"][0]["results"]
        gitlab = json.loads(renderer("gitlab")([made]))
        return [[one["partialFingerprints"]["roomcheck/v1"] for one in sarif], [one["fingerprint"] for one in gitlab]]

    text = golden("align").read_text()
    moved = re.sub(r"guide\.md:(\d+):", lambda found: f"guide.md:{int(found[1]) + 7}:", text)
    assert moved != text
    path = golden("align")
    before = journals.read(path)
    after = journals.gather(map(journals.decode, moved.encode().splitlines()), "moved")
    assert prints(before) == prints(after)


def test_our_own_errors_are_notifications_and_blockers() -> None:
    made = finished([header(), *(record for record in hostile_records() if isinstance(record, Verdict))])
    (run,) = json.loads(renderer("sarif")([made]))["runs"]
    errors = [one for one in run["invocations"][0]["toolExecutionNotifications"] if one["level"] == "error"]
    assert len(errors) == sum(verdict.outcome is Outcome.ERROR for verdict in made.verdicts)
    suppressed = [one for one in run["results"] if "suppressions" in one]
    assert len(suppressed) == sum(verdict.outcome is Outcome.KNOWN for verdict in made.verdicts)
    blockers = [one for one in json.loads(renderer("gitlab")([made])) if one["severity"] == "blocker"]
    assert len(blockers) == len(errors)


def test_a_run_that_could_not_tell_is_annotated_though_nothing_broke() -> None:
    made = msgspec.structs.replace(
        finished([header()]), footer=journals.Footer(summary={}, exit_code=4, took_s=1.0)
    )  # fmt: skip
    assert renderer("github")([made]).startswith("::error title=Roomcheck::Roomcheck check: cannot tell")
    assert "cannot tell" in renderer("badge")([made])


def test_the_ledger_of_a_load_is_a_failure_of_the_service_in_every_report() -> None:
    made = [journals.read(golden("load"))]
    root = ElementTree.fromstring(renderer("junit")(made).encode())  # noqa: S314 - our own
    failing = {case.get("classname") for case in root.iter("testcase") if case.find("failure") is not None}
    assert {"roomcheck.none-duplicate", "roomcheck.gate-holds", "roomcheck.delivered-exactly-once"} <= failing
    assert not [case for case in root.iter("testcase") if case.find("error") is not None]
    families = {one.name: one for one in text_string_to_metric_families(renderer("prometheus")(made))}
    twice = [one for one in families["roomcheck_load_ledger"].samples if one.labels["count"] == "duplicate"]
    assert sum(one.value for one in twice) > 10
    quantiles = [one for one in families["roomcheck_load_delivery_seconds"].samples if "quantile" in one.labels]
    assert all(0 < one.value < 1 for one in quantiles)


# --- the command ----------------------------------------------------------------------------------------------


def test_a_report_is_made_from_journals_of_before(tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    run = roomcheck("report", "html", *(str(golden(kind)) for kind in KINDS), "-o", str(out))
    assert (run.returncode, run.stdout) == (0, ""), run.stderr
    valid_html(out.read_text())
    run = roomcheck("report", "junit", str(golden("check")))
    assert run.returncode == 0
    valid_junit(run.stdout)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("htlm", "x"), "FORMAT: there is no format 'htlm'; did you mean 'html'?"),
        (("html", str(golden("check")), "--fail-on-regression"), "these are for `roomcheck report compare"),
        (("html", "nowhere.ndjson"), "nowhere.ndjson: cannot be read"),
        (("html", "README.md"), "README.md:1: expected a record of a Roomcheck journal"),
        (("html", str(golden("check")), "-o", "nowhere/x.html"), "--output: nowhere/x.html cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_message(words: tuple[str, ...], says: str) -> None:
    run = roomcheck("report", *words)
    assert run.returncode == 2, run.stdout
    assert says in run.stderr
    assert len(run.stderr.splitlines()) == 1


def test_the_chart_library_is_the_published_one() -> None:
    ours = ROOT / "reports" / "page" / "vendor"
    theirs = ROOT / "tests" / "peers" / "page" / "node_modules" / "uplot"
    if not theirs.is_dir():
        lacking("uPlot")
    assert (ours / "uplot.js").read_bytes() == (theirs / "dist" / "uPlot.iife.min.js").read_bytes()
    assert (ours / "uplot.css").read_bytes() == (theirs / "dist" / "uPlot.min.css").read_bytes()
    assert (ours / "LICENSE").read_bytes() == (theirs / "LICENSE").read_bytes()
