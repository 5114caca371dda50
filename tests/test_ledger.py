"""The ledger states exactly what became of every delivery, whatever the order in which things happen."""

import random
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from loadtests.ledger import DEADLINE_NS, Ledger, defects


def test_each_fate_is_counted() -> None:
    ledger = Ledger()
    for socket in (1, 2):
        ledger.enter("r", socket)
    numbers = [ledger.publish("r", 7, at) for at in range(4)]
    for number in numbers:
        ledger.deliver("r", 1, number, 10)
    ledger.deliver("r", 1, 2, 11)
    ledger.deliver("r", 2, 1, 12)
    ledger.deliver("r", 2, 0, 13)
    ledger.leak()
    assert ledger.settle(14) == {"published": 4, "ok": 6, "duplicate": 1, "reordered": 1, "leaked": 1}
    counts = ledger.settle(DEADLINE_NS + 100)
    assert (counts["ok"], counts["lost"]) == (6, 2)
    ledger.deliver("r", 2, 3, DEADLINE_NS + 200)
    counts = ledger.settle(DEADLINE_NS + 300)
    assert (counts["late"], counts["lost"]) == (1, 1)
    assert defects(counts) == {"lost": 1, "duplicate": 1, "reordered": 1, "leaked": 1}


def test_what_is_on_its_way_when_a_socket_leaves_is_held_against_nobody() -> None:
    ledger = Ledger()
    ledger.enter("r", 1)
    ledger.publish("r", 7, 0)
    ledger.publish("r", 7, DEADLINE_NS)
    ledger.leave("r", 1, DEADLINE_NS + 1)
    assert ledger.settle(DEADLINE_NS * 9) == {"published": 2, "lost": 1, "in flight": 1}


def test_what_was_published_before_a_join_or_refused_is_owed_to_nobody() -> None:
    ledger = Ledger()
    before = ledger.publish("r", 7, 0)
    ledger.enter("r", 1)
    refused = ledger.publish("r", 7, 1)
    ledger.refuse("r", refused)
    ledger.deliver("r", 1, before, 2)
    assert defects(ledger.settle(DEADLINE_NS * 2)) == {}


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 60), st.integers(1, 6))
def test_it_agrees_with_a_plain_count_of_what_was_done(seed: int, messages: int, sockets: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - fates for a test, chosen by a seed
    ledger = Ledger()
    for socket in range(sockets):
        ledger.enter("r", socket)
    expected: Counter[str] = Counter()
    for _ in range(messages):
        number = ledger.publish("r", 7, 0)
        for socket in range(sockets):
            fate = chance.choice(("ok", "ok", "ok", "lost", "duplicate"))
            if fate != "lost":
                ledger.deliver("r", socket, number, 1)
            if fate == "duplicate":
                ledger.deliver("r", socket, number, 1)
            expected["lost" if fate == "lost" else "ok"] += 1
            expected["duplicate"] += fate == "duplicate"
    counts = ledger.settle(DEADLINE_NS + 2)
    assert {name: counts.get(name, 0) for name in ("ok", "lost", "duplicate")} == {
        name: expected[name] for name in ("ok", "lost", "duplicate")
    }
    assert counts.get("reordered", 0) == 0
