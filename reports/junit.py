"""JUnit XML for CI: a suite a rule, a case a subject. A failure is the service's fault, an error is ours."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree

from conformance.journal.records import Journal
from conformance.model.verdict import ENGINE, Outcome, Verdict
from conformance.support.printable import printable
from reports.parts.ending import title, untold

ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 allows in no form, not even escaped."""


def render(journals: Sequence[Journal]) -> str:
    """The report as XML. Readers key a case by its class name and name, so both together are unique."""
    root = ElementTree.Element("testsuites", name="roomcheck")
    for journal in journals:
        _suites(root, journal)
    _part_twins(root)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _suites(root: ElementTree.Element, journal: Journal) -> None:
    for rule, verdicts in groupby(journal.verdicts, key=lambda verdict: verdict.rule):
        _suite(root, rule, list(verdicts))
    missing = ElementTree.SubElement(root, "testsuite", name="not exercised")
    for one in journal.not_exercised:
        case = _case(missing, f"roomcheck.{one.rule}", f"{one.subject} [{one.transport}]")
        ElementTree.SubElement(case, "skipped", message=_clean(f"not exercised: {one.reason}"))
    _count(missing)
    if journal.footer is None:
        suite = ElementTree.SubElement(root, "testsuite", name="journal")
        case = _case(suite, ENGINE, "the run was completed")
        ElementTree.SubElement(case, "error", message="the journal is truncated: the run was cut off", type=ENGINE)
        _count(suite)
    elif untold(journal):
        suite = ElementTree.SubElement(root, "testsuite", name="run")
        case = _case(suite, ENGINE, "the run reached a verdict")
        ElementTree.SubElement(case, "error", message=_clean(title(journal)), type=ENGINE)
        _count(suite)
    if journal.remarks:
        suite = ElementTree.SubElement(root, "testsuite", name="remarks")
        for number, remark in enumerate(journal.remarks, 1):
            case = _case(suite, ENGINE, f"remark {number}")
            ElementTree.SubElement(case, "skipped", message=_clean(remark))
        _count(suite)
    if journal.notes:
        suite = ElementTree.SubElement(root, "testsuite", name="run")
        for number, note in enumerate(journal.notes, 1):
            case = _case(suite, ENGINE, f"run note {number}")
            ElementTree.SubElement(case, "error", message=_clean(note), type=ENGINE)
        _count(suite)


def _part_twins(root: ElementTree.Element) -> None:
    """Number cases that only illegal characters told apart."""
    seen: Counter[tuple[str | None, str | None]] = Counter()
    for case in root.iter("testcase"):
        key = (case.get("classname"), case.get("name"))
        seen[key] += 1
        if seen[key] > 1:
            case.set("name", f"{key[1]} #{seen[key]}")


def _suite(root: ElementTree.Element, rule: str, verdicts: list[Verdict]) -> None:
    suite = ElementTree.SubElement(root, "testsuite", name=_clean(rule))
    for verdict in verdicts:
        case = _case(suite, f"roomcheck.{rule}", f"{verdict.subject} [{verdict.transport}]")
        message = _clean(verdict.message)
        match verdict.outcome:
            case Outcome.FAIL:
                _told(ElementTree.SubElement(case, "failure", message=message, type=_clean(rule)), verdict)
            case Outcome.ERROR:
                _told(ElementTree.SubElement(case, "error", message=message, type=_clean(rule)), verdict)
            case Outcome.KNOWN:
                known = _clean(f"known failure: {verdict.known}: {verdict.message}")
                ElementTree.SubElement(case, "skipped", message=known)
            case Outcome.SKIP | Outcome.INCONCLUSIVE:
                ElementTree.SubElement(case, "skipped", message=f"{verdict.outcome.value}: {message}")
            case Outcome.WARNING:
                _told(ElementTree.SubElement(case, "system-out"), verdict)
            case Outcome.PASS:
                pass
    _count(suite)


def _case(suite: ElementTree.Element, class_name: str, name: str) -> ElementTree.Element:
    return ElementTree.SubElement(suite, "testcase", classname=_clean(class_name), name=_clean(name), time="0")


def _told(element: ElementTree.Element, verdict: Verdict) -> None:
    lines = [
        f"{verdict.outcome.value}: {verdict.message}",
        f"clause: {verdict.clause}",
        f"source: {verdict.source}",
        f"act: {verdict.act}",
        *verdict.evidence,
        *([verdict.hint] if verdict.hint else []),
    ]
    element.text = _clean("\n".join(lines))


def _count(suite: ElementTree.Element) -> None:
    for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(sum(1 for _ in suite.iter(tag))))
    suite.set("time", "0")


def _clean(text: str) -> str:
    """Text without what XML forbids, and without what would only confuse who reads it."""
    return ILLEGAL.sub("\ufffd", "\n".join(map(printable, text.split("\n"))))
