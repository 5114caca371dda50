"""One self-contained page for people: no request leaves it, and what it shows of a service is text, never mark-up."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from conformance.journal.records import Journal
from conformance.model.verdict import Outcome, summary, verified_percent
from conformance.support.printable import printable
from reports.parts import aligned, checked, loaded
from reports.parts.ending import ended

PAGE = Path(__file__).parent / "page"

MOST_CHARACTERS = 4000
"""Characters of one text that are shown; more than that is in the journal, and the page says so."""

PARTS = {"check": checked.parts, "align": aligned.parts, "load": loaded.parts}
"""What the page of each command shows besides its verdicts."""


def render(journals: Sequence[Journal]) -> str:
    """The page; several journals stand one below the other."""
    return page(
        "page.html",
        charts=any(journal.header.command == "load" for journal in journals),
        runs=[_run(journal, number) for number, journal in enumerate(journals)],
        outcomes=tuple(outcome.value for outcome in Outcome),
    )


def page(template: str, *, charts: bool, **facts: object) -> str:
    """A page made from one of the templates, with the scripts and styles that it needs in it."""
    drawing = [_read("vendor/uplot.js"), _read("plot.js") + _read("charts.js")]
    scripts = [_read("filter.js"), *(drawing if charts else ())]
    styles = [_read("look.css"), *([_read("vendor/uplot.css")] if charts else [])]
    return (
        _environment()
        .get_template(template)
        .render(
            scripts=[Markup(text) for text in scripts],  # noqa: S704 - files of ours
            styles=[Markup(text) for text in styles],  # noqa: S704 - files of ours
            hashes=" ".join(f"'sha256-{_digest(text)}'" for text in scripts),
            **facts,
        )
    )


def _run(journal: Journal, number: int) -> dict[str, Any]:
    """What the templates show of one journal."""
    counts = summary(journal.verdicts)
    word, tone = ended(journal)
    return {
        "id": f"r{number}",
        "journal": journal,
        "header": journal.header,
        "word": word,
        "tone": tone,
        "counts": {outcome.value: counts[outcome] for outcome in Outcome if counts[outcome]},
        "verified": verified_percent(journal.verdicts, journal.not_exercised),
        "found": checked.found(journal, f"r{number}"),
        **PARTS.get(journal.header.command, checked.parts)(journal, f"r{number}"),
    }


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(PAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    made.filters["thousands"] = lambda number: f"{number:,}"
    return made


def _shown(value: object) -> object:
    """What may stand in the page: no control or direction character, and no text without an end."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    cut = value[:MOST_CHARACTERS]
    rest = len(value) - len(cut)
    return printable(cut) + (f"… ({len(value):,} characters; the journal has them all)" if rest else "")


def _read(name: str) -> str:
    return (PAGE / name).read_text("utf-8")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
