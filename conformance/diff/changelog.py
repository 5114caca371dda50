"""The entry of a changelog about a new version, in Markdown, and which part of a version number it raises. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from conformance.diff.model import ORDER, Severity
from conformance.diff.rule import Found
from conformance.support.printable import printable

BUMP = {Severity.BREAKING: "major", Severity.RISKY: "minor", Severity.SAFE: "minor"}
HEADS = {
    Severity.BREAKING: "Breaking",
    Severity.RISKY: "May break",
    Severity.SAFE: "Compatible",
}
WORDS_ALONE = "words-are-for-people"
"""The rule whose changes are those of words: a patch."""


def bump(found: Sequence[Found]) -> str:
    """The part of a version number that the changes raise: `major`, `minor`, `patch`, or `none`."""
    if not found:
        return "none"
    if all(one.rule.id == WORDS_ALONE for one in found):
        return "patch"
    return "major" if any(one.change.severity is Severity.BREAKING for one in found) else "minor"


def raised(version: str, part: str) -> str | None:
    """A version number with a part raised; None where it is none of Semantic Versioning.

    A major change of a version below 1.0.0 raises its minor part.
    """
    found = re.fullmatch(r"(\d+)\.(\d+)(?:\.(\d+))?", version)
    if found is None or part == "none":
        return version if part == "none" else None
    major, minor, patch = (int(one or 0) for one in found.groups())
    if part == "major" and not major:
        part = "minor"
    match part:
        case "major":
            numbers = [major + 1, 0, 0]
        case "minor":
            numbers = [major, minor + 1, 0]
        case _:
            numbers = [major, minor, patch + 1]
    return ".".join(map(str, numbers))


def changelog(found: Sequence[Found], version: str) -> str:
    """The entry: a heading, and the changes by what they mean."""
    lines = [f"## {_plain(version)}", ""]
    if not found:
        lines += ["No changes of the contracts.", ""]
    for severity in ORDER:
        own = [one for one in found if one.change.severity is severity]
        if own:
            lines += [f"### {HEADS[severity]}", "", *_lines(own), ""]
    return "\n".join(lines)


def _lines(found: Sequence[Found]) -> Iterator[str]:
    for one in found:
        change = one.change
        if one.rule.id == WORDS_ALONE:
            yield f"- {_code(change.subject)}: {_plain(change.what)} {_plain(change.now)}"
            continue
        about = f"{_plain(change.what)}: " if change.what else ""
        told = f"{about}was {_plain(change.was)}, now {_plain(change.now)}; {_plain(change.why)}"
        yield f"- {_code(change.subject)}: {told}"


def _code(text: str) -> str:
    """A text as code, whatever is in it."""
    text = printable(text)
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence} {text} {fence}" if "`" in text else f"{fence}{text}{fence}"


def _plain(text: str) -> str:
    """A text of which Markdown makes nothing but code where it says so."""
    parts = re.split(r"(`[^`]*`)", printable(text))
    return "".join(part if n % 2 else re.sub(r"([\\\\*_<>\[\]#|~])", r"\\\1", part) for n, part in enumerate(parts))
