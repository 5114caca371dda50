"""The chart that a load's report opens with is of what ended the run: a defect, a gate with its bound, or the generator."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from conformance.journal.records import Footer, Gated, Journal, Ledger, Measured, read
from conformance.model.exit_code import Exit
from reports.parts.explaining import explaining
from tests.golden import golden

OF_A_RUN = read(golden("load"))
GATE = "delivery{room_size:100}: p(95)<200"


def measured(at_s: float, counts: Mapping[str, int], gates: Mapping[str, float], recent: float | None) -> Measured:
    return Measured(
        at_s=at_s, sockets=int(at_s), rooms=1, counts=dict(counts), delivery_ms={"p99": 9.0}, deliveries=5,
        workers={"a": {"lag_ms": 80.0}, "b": {"lag_ms": 20.0}}, gates=dict(gates),
        recent_ms={} if recent is None else {"p99": recent},
    )  # fmt: skip


def journal(
    code: int,
    *,
    counts: Mapping[str, int] | None = None,
    gates: tuple[Gated, ...] = (),
    notes: tuple[str, ...] = (),
    recent: float | None = 7.0,
) -> Journal:
    values = {one.gate: 100.0 for one in gates if one.value is not None}
    series = tuple(measured(at_s, {}, values, recent) for at_s in (1.0, 2.0, 3.0))
    return msgspec.structs.replace(
        OF_A_RUN,
        measured=series,
        ledgers=(Ledger(scenario="Chat", counts=dict(counts or {"ok": 5})),),
        gates=gates,
        notes=notes,
        remarks=(),
        footer=Footer(summary={}, exit_code=code, took_s=4.0),
    )


def shown(found: Journal) -> tuple[str, str, Mapping[str, list[float | None]], list[str]]:
    made: dict[str, Any] | None = explaining(found, found.measured)
    assert made is not None
    assert all(len(values) == len(made["x"]) for values in made["lines"].values())
    assert made["x"] == sorted(made["x"])
    return made["title"], made["unit"], made["lines"], made["bounds"]


def broken(text: str, value: float | None) -> Gated:
    return Gated(gate=text, outcome="broken", value=value)


def test_a_defect_is_shown_up_to_what_it_was_in_the_end() -> None:
    found = journal(Exit.BROKEN, counts={"ok": 9, "lost": 4, "refused": 2}, gates=(broken(GATE, 300.0),))
    assert shown(found) == ("Defects over the run", "count so far", {"lost": [0, 0, 0, 4]}, [])


def test_a_broken_gate_is_shown_against_its_bound() -> None:
    title, unit, lines, bounds = shown(journal(Exit.BROKEN, gates=(broken(GATE, 300.0),)))
    assert (title, unit, bounds) == (f"Broken: {GATE}", "ms", ["threshold"])
    assert lines == {"measured so far": [100.0, 100.0, 100.0, 300.0], "threshold": [200.0] * 4}


@pytest.mark.parametrize(
    ("text", "unit"),
    [("published: rate>100", "a second"), ("lost==0", "count so far"), ("delivery: count>10", "deliveries"),
     ("delivery: avg<3", "ms")],
)  # fmt: skip
def test_a_gate_has_the_unit_of_what_it_measures(text: str, unit: str) -> None:
    assert shown(journal(Exit.BROKEN, gates=(broken(text, 1.0),)))[1] == unit


def test_a_run_that_holds_shows_the_gate_that_was_nearest_to_its_bound() -> None:
    texts = {"published: rate>1": 900.0, "delivery: p(99)<500": 100.0, "post: p(99)<150": 100.0}
    gates = tuple(Gated(gate=text, outcome="holds", value=value) for text, value in texts.items())
    assert shown(journal(Exit.HOLDS, gates=gates))[0] == "post: p(99)<150"


def test_what_is_known_to_be_broken_is_not_what_a_run_that_holds_shows() -> None:
    assert shown(journal(Exit.HOLDS, counts={"ok": 1, "lost": 4}))[0] == "Latency of deliveries over the last 10 s"


def test_without_gates_and_defects_latencies_are_shown_and_of_an_old_journal_those_so_far() -> None:
    assert shown(journal(Exit.HOLDS)) == (
        "Latency of deliveries over the last 10 s", "ms", {"p50": [None] * 3, "p95": [None] * 3, "p99": [7.0] * 3}, [],
    )  # fmt: skip
    title, _, lines, _ = shown(journal(Exit.HOLDS, recent=None))
    assert (title, lines["p99"]) == ("Latency of deliveries so far", [9.0] * 3)


def test_a_limited_generator_is_shown_and_not_what_it_may_have_caused() -> None:
    notes = ("generator-limited: the load generator could not keep up",)
    title, unit, lines, bounds = shown(journal(Exit.CANNOT_TELL, counts={"lost": 3}, notes=notes))
    assert (title, unit, bounds) == ("How late the generator's event loop was", "ms", ["at most"])
    assert lines == {"the latest worker": [80.0] * 3, "at most": [50.0] * 3}
    title, _, lines, _ = shown(journal(Exit.CANNOT_TELL, counts={"unsent": 3}, notes=notes))
    assert (title, lines) == ("What the generator could not do", {"unsent": [0, 0, 0, 3]})


def test_failures_and_a_service_that_is_gone_are_shown() -> None:
    assert shown(journal(Exit.BROKEN, counts={"refused": 3}))[2] == {"refused": [0, 0, 0, 3]}
    assert shown(journal(Exit.CANNOT_TELL, counts={"unknown": 8}))[2] == {"unknown": [0, 0, 0, 8]}
    assert shown(journal(Exit.UNREACHABLE))[0] == "Sockets over the run"


def test_too_little_for_a_line_is_no_chart() -> None:
    found = journal(Exit.HOLDS)
    assert explaining(found, found.measured[:1]) is None


def test_a_gate_of_a_stranger_is_text() -> None:
    title, _, lines, _ = shown(journal(Exit.BROKEN, gates=(broken("x\x1b[2J" * 99, 1.0),)))
    assert "\x1b" not in title
    assert len(title) < 800
    assert set(lines) == {"measured so far"}


def test_a_run_that_was_cut_off_shows_what_it_had() -> None:
    found = msgspec.structs.replace(journal(Exit.HOLDS), footer=None, ledgers=())
    assert shown(found)[0] == "Latency of deliveries over the last 10 s"
    assert shown(OF_A_RUN)[2]["duplicate"][-1] == sum(one.counts.get("duplicate", 0) for one in OF_A_RUN.ledgers)
