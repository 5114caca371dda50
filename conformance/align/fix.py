"""Drifts that can only mean one thing, rewritten; and the difference that this makes. Pure."""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from conformance.align.gather import again
from conformance.align.model import Drift, Evidence
from conformance.align.rule import Found, Rule, judge


def harmless(evidence: Evidence, found: Sequence[Found], rules: Sequence[Rule]) -> dict[str, str]:
    """Every file that changes, as it is then, with only those changes that mend their finding and cause no other.

    What was changed is read again: all at once, and where something new is found, one change after the other.
    """
    texts = {text.file: text.written for text in evidence.texts}
    wanted = [one for one in found if one.drift.replacement and one.drift.place.file in texts]
    if not wanted or _mends(evidence, found, wanted, rules):
        return fixed(texts, [one.drift for one in wanted])
    kept: list[Found] = []
    for one in wanted:
        if _mends(evidence, found, [*kept, one], rules):
            kept.append(one)
    return fixed(texts, [one.drift for one in kept])


def _mends(evidence: Evidence, found: Sequence[Found], wanted: Sequence[Found], rules: Sequence[Rule]) -> bool:
    """Whether after some changes exactly their findings are gone, and those that told the same of the same place."""
    texts = {text.file: text.written for text in evidence.texts}
    changed = fixed(texts, [one.drift for one in wanted])
    read = {text.file: text for text in again(evidence, changed)}
    after = judge(replace(evidence, texts=tuple(read.get(text.file, text) for text in evidence.texts)), rules)
    before, left = Counter(map(_key, found)), Counter(map(_key, after))
    mended = Counter(map(_key, wanted))
    return not left - before and not left & mended - (before - mended)


def _key(one: Found) -> tuple[str, str, int, str]:
    return one.rule.id, one.drift.place.file, one.drift.place.line, one.drift.subject


def fixed(texts: Mapping[str, str], drifts: Iterable[Drift]) -> dict[str, str]:
    """Every file that changes, as it is then. What no longer stands where it was found is left alone."""
    by_file: dict[str, list[Drift]] = defaultdict(list)
    for drift in drifts:
        if drift.replacement and drift.place.file in texts:
            by_file[drift.place.file].append(drift)
    changed = {}
    for file, found in by_file.items():
        lines = texts[file].splitlines(keepends=True)
        # From the end of each line on, so that what stands before it does not move.
        for drift in sorted(found, key=lambda one: one.place, reverse=True):
            number, begin = drift.place.line - 1, drift.place.column - 1
            line = lines[number] if number < len(lines) else ""
            at = _at(line, drift.subject, begin)
            if at >= 0 and drift.replacement:
                lines[number] = line[:at] + drift.replacement + line[at + len(drift.subject) :]
        text = "".join(lines)
        if text != texts[file]:
            changed[file] = text
    return changed


def _at(line: str, subject: str, begin: int) -> int:
    """Where the name stands: at its place, or behind the quote that its place begins with."""
    return next((at for at in (begin, begin + 1) if line[at : at + len(subject)] == subject), -1)


def difference(texts: Mapping[str, str], changed: Mapping[str, str]) -> str:
    """The change as a unified diff."""
    parts: list[str] = []
    for file in sorted(changed):
        before, after = texts[file].splitlines(keepends=True), changed[file].splitlines(keepends=True)
        parts += difflib.unified_diff(before, after, f"a/{file.lstrip('/')}", f"b/{file.lstrip('/')}")
    return "".join(parts)
