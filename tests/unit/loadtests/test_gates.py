"""Gates in k6's grammar: read whole, or refused with what is wrong; judged by what was measured."""

import re
from collections.abc import Iterable

import pytest

from loadtests.ledger.histogram import Histogram
from loadtests.ledger.totals import Totals
from loadtests.verdict.conclusion import Conclusion
from loadtests.verdict.thresholds import aborting, gate
from loadtests.verdict.verdict import judged, noted, told
from tests.accounting import account


def accounts(counts: dict[str, int], sockets: int = 9, **trends: Iterable[float]) -> Totals:
    packed = []
    for name, values in trends.items():
        times = Histogram()
        times.add([round(value * 1e6) for value in values])
        packed.append((name, (("scenario", "Chat"), ("step", "1")), times.packed()))
    rows = tuple((name, "Chat", "1", count) for name, count in counts.items())
    return Totals(snapshots={"local": account(counts=rows, trends=tuple(packed), sockets=sockets, away=9 - sockets)})


RUN = {"published": 100, "ok": 400}


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("delivery{scenario:Chat}: p(99)<500", "holds"),
        ("delivery{scenario:Chat,step:1}:p(50)<=2.01", "holds"),
        ("delivery:p(99.9)<3", "broken"),
        ("delivery: avg<2.01", "holds"),
        ("delivery: max==3", "holds"),
        ("delivery: min>=1", "holds"),
        ("delivery: med!=2", "holds"),
        ("delivery: count==3", "holds"),
        ("delivery{scenario:Storm}: p(99)<500", "unseen"),
        ("spread: p(99)<500", "unseen"),
        ("lost==0", "holds"),
        ("lost: count<1", "holds"),
        ("published: rate>9.9", "holds"),
        ("published: rate>10", "broken"),
        ("ok{scenario:Chat}>=400", "holds"),
        ("ok{scenario:Storm}>=1", "unseen"),
    ],
)
def test_a_gate_is_judged(text: str, outcome: str) -> None:
    assert gate(text).judged(accounts(RUN, delivery=[1, 2, 3]), 10).outcome == outcome


def in_parts() -> Totals:
    """A scenario of two parts, and another whose name begins alike."""
    rows, trends = [], []
    for scenario, count, ms in (("Chat /a x", 2, 1.0), ("Chat /b", 3, 9.0), ("Chats", 50, 99.0)):
        rows += [("published", scenario, "1", count), ("lost", scenario, "1", 1)]
        times = Histogram()
        times.add([round(ms * 1e6)] * count)
        trends.append(("delivery", (("scenario", scenario), ("step", "1")), times.packed()))
    return Totals(snapshots={"local": account(counts=tuple(rows), trends=tuple(trends))})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("published{scenario:Chat}==5", 5),
        ("published{scenario:Chat /b}==3", 3),
        ("published{scenario:Chat /a}==2", 2),
        ("published{scenario:Chats}==50", 50),
        ("published{scenario:Chat}: rate==0.5", 0.5),
        ("lost{scenario:Chat,step:1}==2", 2),
        ("delivery{scenario:Chat}: count==5", 5),
        ("delivery{scenario:Chat}: max==9", 9),
        ("delivery{scenario:Chat /a x}: max==1", 1),
    ],
)
def test_a_scenario_means_all_of_its_parts(text: str, value: float) -> None:
    account = in_parts()
    assert gate(text).judged(account, 10).value == value
    assert account.trend("delivery", {"scenario": "Chat /b"}).count == 3, "what was added up for a gate changes nothing"


@pytest.mark.parametrize("text", ["published{scenario:Cha}>=0", "delivery{scenario:Chat /}: max<5"])
def test_the_beginning_of_a_name_is_no_scenario(text: str) -> None:
    assert gate(text).judged(in_parts(), 10).outcome == "unseen"


def test_a_step_of_one_part_is_judged_by_that_part() -> None:
    assert gate("published{scenario:Chat}<=2").within("Chat /a x", "1").judged(in_parts(), 10).value == 2
    assert gate("published{scenario:Chats}<=2").within("Chat /a x", "1").judged(in_parts(), 10).value == 50


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "expected a metric, a comparison and a number"),
        ("delivery: p(99)", "expected a metric"),
        ("delivary: p(99)<5", "did you mean"),
        ("nothing==0", "there are delivery"),
        ("delivery<5", "is a trend: it has avg"),
        ("delivery: p(101)<5", "is a trend: it has avg"),
        ("delivery: rate<5", "is a trend"),
        ("lost: p(99)<5", "is a counter, which has count and rate"),
        ("lost{event:x}==0", "by scenario and step alone"),
        ("delivery{room}: avg<5", "expected tags such as"),
        ("delivery{city:x}: avg<5", "expected tags such as"),
        ("lost==0; stop", "expected 'abort' or 'delay 10s'"),
    ],
)
def test_what_is_no_gate_is_refused(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        gate(text)


def test_a_gate_can_end_a_run_but_not_before_its_delay() -> None:
    broken = accounts({"lost": 1, "ok": 1})
    gates = [gate("lost==0; abort; delay 10s"), gate("ok>5")]
    assert aborting(gates, broken, 9) == []
    assert [str(one) for one in aborting(gates, broken, 10)] == ["lost==0: broken (1)"]


FAST = {"delivery": [1.0] * 100, "loop_lag": [0.1] * 100, "schedule_lag": [0.1] * 100}
UNMARKED = {"connected": 3, "unmarked": 5, "unaccounted": 15}
BEHIND = FAST | {"loop_lag": [80.0] * 100, "delivery": [100.0] * 100}


@pytest.mark.parametrize(
    ("counts", "trends", "gates", "code", "says"),
    [
        (RUN, FAST, ["delivery: p(99)<5"], 0, "holds: every one of 400 deliveries"),
        (RUN | {"lost": 2}, FAST, [], 1, "broken: 2 lost"),
        (RUN | {"late": 2}, FAST, [], 1, "broken: 2 late"),
        (RUN | {"refused": 3, "unanswered": 1}, FAST, [], 1, "broken: 3 refused; 1 unanswered"),
        (RUN | {"disconnected": 3}, FAST, [], 1, "broken: 3 disconnected"),
        (RUN | {"disconnected": 3, "late": 1}, BEHIND, [], 4, "generator-limited"),
        (RUN | {"leaked": 1}, BEHIND, [], 1, "broken: 1 leaked"),
        (RUN | {"own_error": 1, "leaked": 1}, FAST, [], 5, "internal error, please report it"),
        ({"refused_sockets": 4, "unreached": 1}, FAST, [], 4, "cannot tell: the service refused every connection (4 "),
        ({"unreached": 4}, FAST, [], 3, "unreachable: none of 4 attempts to connect succeeded"),
        ({"connecting": 4}, FAST, [], 3, "unreachable: none of 4 attempts to connect succeeded"),
        (RUN | {"connected": 9, "connecting": 4}, FAST, [], 0, "holds: "),
        (RUN | {"unstored": 1}, FAST, [], 1, "broken: 1 unstored"),
        (RUN, FAST, ["delivery: p(99)<0.5"], 1, "broken: delivery: p(99)<0.5: broken (1 ms)"),
        (RUN, BEHIND, [], 4, "generator-limited"),
        (RUN, BEHIND, ["delivery: p(99)<5"], 4, "generator-limited"),
        (RUN | {"lost": 2}, BEHIND, [], 4, "generator-limited"),
        (RUN | {"unsent": 5}, FAST, [], 4, "generator-limited"),
        (RUN | {"exhausted": 5}, FAST, [], 4, "generator-limited"),
        (RUN | {"held_up": 5, "unjoined": 1}, FAST, [], 4, "generator-limited"),
        (RUN | {"cut_off": 5, "unjoined": 1}, FAST, [], 4, "cannot tell: Roomcheck ended 5 connections"),
        (RUN | {"cut_off": 5, "duplicate": 1}, FAST, [], 1, "broken: 1 duplicate"),
        ({"published": 5}, FAST, [], 4, "no delivery was seen"),
        (UNMARKED, FAST, [], 4, "nothing in the contracts tells one of 5 publications from another, so 15 deliveries"),
        (UNMARKED | {"unanswered": 1}, FAST, [], 1, "broken: 1 unanswered"),
        (RUN | {"script_error": 2}, FAST, [], 2, "--scenario: the scenario raised an exception, 2 in all"),
        (RUN, FAST, ["spread: p(99)<5"], 4, "cannot tell: spread: p(99)<5: unseen"),
    ],
)
def test_a_verdict_says_what_was_seen_and_no_more(
    counts: dict[str, int], trends: dict[str, list[float]], gates: list[str], code: int, says: str
) -> None:
    account = accounts(counts, **trends)
    verdict = judged(account, [gate(text) for text in gates], 10)
    assert verdict.code == code
    assert says in verdict.summary
    lines = told(account, verdict)
    assert lines[0].startswith("ledger: ")
    assert lines[-1] == verdict.summary
    # What limited the generator is told with what would help, and of nothing else.
    helps = any("add workers" in line or "ulimit" in line for line in lines)
    assert helps is (trends is BEHIND or bool(counts.keys() & {"unsent", "exhausted", "held_up"}))


def test_a_service_that_went_away_is_unreachable_whatever_was_counted_before() -> None:
    counts = RUN | {"connected": 9, "disconnected": 9, "unanswered": 5, "unreached": 30}
    assert judged(accounts(counts, sockets=0, **FAST), [], 10).code == 3
    assert judged(accounts(counts, sockets=1, **FAST), [], 10).code == 1


def test_requests_that_failed_can_be_forgiven_and_defects_cannot() -> None:
    assert judged(accounts(RUN | {"refused": 3}, **FAST), [], 10, forgiving=True).code == 0
    assert judged(accounts(RUN | {"refused": 3, "lost": 1}, **FAST), [], 10, forgiving=True).summary == "broken: 1 lost"


def test_a_generator_that_is_late_where_the_service_is_far_later_limits_nothing() -> None:
    slow = FAST | {"loop_lag": [80.0] * 100, "delivery": [4000.0] * 100}
    assert judged(accounts(RUN, **slow), [], 10).code == 0


def test_a_worker_that_was_lost_is_told_and_what_it_was_owed_is_unknown() -> None:
    account = accounts(RUN | {"pending": 7}, **FAST)
    account.gone.add("local")
    account.owed_since["local"] = 3
    assert account.counts()["unknown"] == 10
    verdict = judged(account, [], 10)
    assert (verdict.code, verdict.notes[0]) == (
        4,
        "worker local was lost during the run: what became of its deliveries is unknown",
    )


def test_a_search_for_the_breaking_point_is_not_broken_by_finding_it() -> None:
    found = Conclusion(code=0, summary="knee: 8")
    assert judged(accounts(RUN | {"lost": 1}, **FAST), [], 10, [found]).summary == "knee: 8"


@pytest.mark.parametrize(
    ("clocks_ms", "notes"),
    [
        ([(0.1, 0.25)], ["the clock of 1 worker is the master's, ± 0.250 ms"]),
        ([(0.1, 0.25), (-0.2, 0.5)], ["the clocks of 2 workers are the master's, ± 0.500 ms"]),
        ([(1.5, 0.25)], ["the clock of worker w0 is +1.500 ms off the master's, ± 0.250 ms"]),
        ([(0.0, 0.0)], []),
    ],
)
def test_how_far_clocks_are_off_is_told_of_one_worker_and_of_several(
    clocks_ms: list[tuple[float, float]], notes: list[str]
) -> None:
    assert noted(Totals(snapshots={f"w{n}": account(clock_ms=one) for n, one in enumerate(clocks_ms)})) == notes
