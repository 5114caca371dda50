"""The comparison in Markdown, for a job summary or a merge request."""

from __future__ import annotations

from collections.abc import Iterator

from reports.comparison.terminal import cells, said
from reports.markdown import cell, fitting
from reports.parts.compare import MEANING, Comparison


def render(found: Comparison) -> str:
    """The worst first; cut with a word of it where it would be too long."""
    return fitting(_lines(found))


def _lines(found: Comparison) -> Iterator[str]:
    word = found.word if found.told and not found.regressed else f"**{found.word}**"
    yield f"## Roomcheck {cell(found.after.header.command)} compared: {word}"
    yield ""
    yield f"{cell(found.before.header.began)} → {cell(found.after.header.began)}"
    for remark in found.remarks:
        yield f"\n> {cell(remark)}"
    for what, meaning in MEANING.items():
        turns = [turn for turn in found.turns if turn.what == what]
        if turns:
            yield f"\n### {len(turns)} {what}: {meaning}\n"
            yield "| rule | subject | before | after | what |"
            yield "|---|---|---|---|---|"
            for turn in turns:
                facts = (turn.rule, turn.subject, turn.before or "not judged", turn.after or "not judged", turn.message)
                yield "| " + " | ".join(map(cell, facts)) + " |"
    if found.figures:
        yield "\n### Figures\n"
        yield "| figure | before | after | change | with 99 % confidence | |"
        yield "|---|---:|---:|---:|---:|---|"
        for figure in found.figures:
            word = f"**{said(figure)[0]}**" if figure.regressed else said(figure)[0]
            yield "| " + " | ".join((*map(cell, cells(figure)), word)) + " |"
