"""The comparison as one JSON document."""

from __future__ import annotations

import json
import math

from reports.parts.compare import Comparison, Figure
from reports.parts.interval import LEAST_CHANGE


def render(found: Comparison) -> str:
    """Bounds that are not known are null."""
    document = {
        "before": found.before.header.began,
        "after": found.after.header.began,
        "command": found.after.header.command,
        "word": found.word,
        "regressed": found.regressed,
        "least_change": LEAST_CHANGE,
        "remarks": list(found.remarks),
        "turns": [
            {
                "what": turn.what,
                "rule": turn.rule,
                "subject": turn.subject,
                "transport": turn.transport,
                "before": turn.before.value if turn.before else None,
                "after": turn.after.value if turn.after else None,
                "message": turn.message,
            }
            for turn in found.turns
        ],
        "figures": [_figure(figure) for figure in found.figures],
    }
    return json.dumps(document, ensure_ascii=True, indent=1) + "\n"


def _figure(figure: Figure) -> dict[str, object]:
    numbers = {
        "before": figure.change.before,
        "after": figure.change.after,
        "difference": figure.change.difference,
        "low": figure.change.low,
        "high": figure.change.high,
    }
    return {
        "name": figure.name,
        "unit": figure.unit,
        **{name: number if math.isfinite(number) else None for name, number in numbers.items()},
        "comparable": figure.comparable,
        "regressed": figure.regressed,
        "improved": figure.improved,
    }
