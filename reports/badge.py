"""An SVG badge: what was run, and in a word how it ended. Of several runs it shows the worst."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from conformance.journal.records import Journal
from conformance.model.verdict import verified_percent
from conformance.support.printable import printable
from reports.parts.ending import ended

COLOURS = {"good": "#17682f", "bad": "#b3141e", "unsure": "#6b3fa0"}
ORDER = ("bad", "unsure", "good")
CHARACTER, PADDING = 6.6, 12
"""Pixels of a character of 11 px, about, which `textLength` then makes exact; and beside each text."""


def render(journals: Sequence[Journal]) -> str:
    """The picture, which says in its title what it shows."""
    journal = min(journals, key=lambda one: ORDER.index(ended(one)[1]))
    word, tone = ended(journal)
    if journal.footer is None:
        word = "cut off"
    if journal.header.command == "check" and tone == "good":
        word += f" {verified_percent(journal.verdicts, journal.not_exercised):.0f}%"
    left = "roomcheck" if journal.header.command == "check" else f"roomcheck {journal.header.command}"
    return _drawn(escape(printable(left[:40])), escape(printable(word)), COLOURS[tone])


def _drawn(left: str, right: str, colour: str) -> str:
    texts = [round(len(text) * CHARACTER) for text in (left, right)]
    widths = [text + PADDING for text in texts]
    whole, middle = sum(widths), widths[0]
    said = "".join(
        f'<text x="{x:g}" y="14" textLength="{length}">{text}</text>'
        for x, length, text in ((middle / 2, texts[0], left), (middle + widths[1] / 2, texts[1], right))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="20" role="img" aria-label="{left}: {right}">'
        f"<title>{left}: {right}</title>"
        f'<clipPath id="round"><rect width="{whole}" height="20" rx="3"/></clipPath><g clip-path="url(#round)">'
        f'<rect width="{middle}" height="20" fill="#3b4248"/>'
        f'<rect x="{middle}" width="{widths[1]}" height="20" fill="{colour}"/></g>'
        f'<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">{said}</g>'
        "</svg>\n"
    )
