"""Which entries the findings on the scripts of the tables show.

`python -m tests.unit.rules.evidence` writes them anew, where a rule has come to show others.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from tests.unit.rules import (
    test_bad_requests,
    test_calls,
    test_connections,
    test_delivery,
    test_good_requests,
    test_ids,
    test_recovery,
    test_requests,
    test_rooms,
)
from tests.unit.scripts import PAIR, findings

FILE = Path(__file__).with_suffix(".json")


def scripts() -> Iterator[tuple[str, str, str]]:
    """(name, rule, script) of every row of the tables."""
    for module, begin in (
        (test_bad_requests, PAIR),
        (test_calls, PAIR),
        (test_connections, ""),
        (test_delivery, PAIR),
        (test_recovery, ""),
        (test_requests, ""),
        (test_rooms, ""),
    ):
        name = module.__name__.rpartition("test_")[2]
        for what, (rule, text, _) in module.JUDGED.items():
            yield f"{name}: {what}", rule, begin + text
    for name, rule, table in (
        ("pages", test_calls.PAGES, test_calls.PAGED_JUDGED),
        ("clocks", test_connections.CLOCKS, test_connections.CLOCKED),
        ("nodes", test_connections.NODES, test_connections.ACROSS),
        ("good requests", test_good_requests.GOOD, test_good_requests.PLAYED),
        ("several", test_ids.SEVERAL, test_ids.ROOMS),
        ("similar", test_ids.SIMILAR, test_ids.IDS),
        ("names", test_ids.ROOM_NAMES, test_ids.SEEN),
    ):
        for what, (text, _) in table.items():
            yield f"{name}: {what}", rule, text


def shown(rule: str, text: str) -> list[str]:
    """The outcome and the subject of each finding, with the entries that it shows."""
    return [f"{one.outcome} {one.subject}: {', '.join(map(str, one.evidence))}" for one in findings(rule, text)]


if __name__ == "__main__":
    found = {name: shown(rule, text) for name, rule, text in scripts()}
    FILE.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
