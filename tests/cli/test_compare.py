"""Two runs held against each other: what is told, what is noise, every exit code and message."""

import json
import random
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from conformance.journal.records import Footer, Journal, Ledger, Record, Timed, encode
from conformance.model.verdict import Outcome, Verdict
from reports import comparison
from reports.parts.compare import compare
from reports.parts.interval import change, percentile, share
from reports.parts.timed import of
from tests.golden import golden
from tests.records import finished, header, hostile
from tests.running import roomcheck
from tests.validators import valid_html, valid_markdown


def verdict(outcome: Outcome, subject: str = "message:broadcast", rule: str = "order-is-kept") -> Verdict:
    return Verdict(
        rule=rule, subject=subject, transport="websocket", outcome=outcome, message="so it is", clause="c", source="s"
    )


def run(*verdicts: Verdict, code: int = 1) -> Journal:
    made = finished([header(), *verdicts])
    return msgspec.structs.replace(made, footer=Footer(summary={}, exit_code=code, took_s=10.0))


def loaded(rng: random.Random, slower: float = 1.0, publications: int = 400, members: int = 20) -> Journal:
    """A load whose deliveries come in clusters, as the members of a room get them."""
    delivery: Counter[float] = Counter()
    first: Counter[float] = Counter()
    for _ in range(publications):
        base = rng.lognormvariate(1.0, 0.5) * slower
        first[round(base, 2)] += 1
        delivery.update(round(base + rng.expovariate(4.0), 2) for _ in range(members))
    records: list[Record] = [header(), verdict(Outcome.PASS)]
    for metric, counts in (("delivery", delivery), ("first", first)):
        histogram = sorted(counts.items())
        mean = sum(time * count for time, count in histogram) / counts.total()
        records.append(
            Timed(
                metric=metric, tags={"scenario": "Chat"}, least=histogram[0][0], mean=mean, most=histogram[-1][0],
                histogram=histogram,
            )
        )  # fmt: skip
    records.append(Ledger(scenario="Chat", counts={"ok": publications * members}))
    made = finished(records)
    return msgspec.structs.replace(
        made,
        header=msgspec.structs.replace(made.header, command="load"),
        footer=Footer(summary={}, exit_code=0, took_s=20.0),
    )


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        (Outcome.PASS, Outcome.FAIL, "broke"),
        (Outcome.WARNING, Outcome.ERROR, "broke"),
        (Outcome.INCONCLUSIVE, Outcome.FAIL, "broke"),
        (None, Outcome.FAIL, "new failure"),
        (Outcome.FAIL, Outcome.PASS, "mended"),
        (Outcome.PASS, Outcome.INCONCLUSIVE, "unseen"),
        (Outcome.PASS, None, "went away"),
        (None, Outcome.PASS, "new"),
        (Outcome.FAIL, Outcome.INCONCLUSIVE, "unseen"),
        (Outcome.PASS, Outcome.PASS, None),
        (None, Outcome.SKIP, None),
    ],
)
def test_how_a_clause_turned(before: Outcome | None, after: Outcome | None, what: str | None) -> None:
    always = verdict(Outcome.PASS, subject="other")
    made = compare(*(run(always, *([verdict(one)] if one else [])) for one in (before, after)))
    assert [turn.what for turn in made.turns] == ([what] if what else [])
    assert made.regressed == (what in ("broke", "new failure"))


@pytest.mark.parametrize("share", [1 / 3, pytest.param(1.0, marks=pytest.mark.long)])
def test_noise_is_no_regression_and_a_slower_service_is(share: float) -> None:
    rng = random.Random(7)  # noqa: S311 - no secret
    same = [compare(loaded(rng), loaded(rng)) for _ in range(round(150 * share))]
    slower = [compare(loaded(rng), loaded(rng, slower=1.4)) for _ in range(round(30 * share))]
    faster = [compare(loaded(rng), loaded(rng, slower=0.6)) for _ in range(round(30 * share))]
    assert sum(one.regressed for one in same) <= 3 * share
    assert sum(not one.regressed for one in slower) <= 2 * share
    assert not any(one.regressed for one in faster)
    assert all(any(figure.improved for figure in one.figures) for one in faster)


def test_an_interval_holds_what_it_is_of() -> None:
    rng = random.Random(3)  # noqa: S311
    truth = sorted(rng.lognormvariate(1.0, 0.5) for _ in range(200_000))[190_000]
    held = 0
    count = of(loaded(rng).timed, "first").count
    for _ in range(200):
        found = percentile(of(loaded(rng).timed, "first"), 95, count)
        held += found.low <= truth <= found.high
    assert held >= 190
    assert share(0, 1000).high < 0.01 < share(10, 1000).high
    assert not change(share(0, 1000), share(3, 1000)).sure
    assert change(share(0, 1000), share(30, 1000)).sure


def test_a_lie_broke_what_held_and_the_truth_mends_it(tmp_path: Path) -> None:
    honest = tmp_path / "honest.ndjson"
    words = ("--select", "message:*", "--select", "broadcast-*")
    assert roomcheck("check", *words, "--journal", str(honest)).returncode == 0
    worse = roomcheck("report", "compare", str(honest), str(golden("check")), "--fail-on-regression")
    assert worse.returncode == 1
    assert "broadcast-keeps-its-name  message:broadcast  (websocket): pass -> fail: expected the name" in worse.stdout
    assert worse.stdout.splitlines()[-1] == "REGRESSED"
    assert roomcheck("report", "compare", str(honest), str(golden("check"))).returncode == 0
    better = roomcheck("report", "compare", str(golden("check")), str(honest), "--fail-on-regression")
    assert better.returncode == 0, better.stdout
    assert "mended" in better.stdout
    same = roomcheck("report", "compare", str(honest), str(honest), "--fail-on-regression")
    assert (same.returncode, same.stdout.splitlines()[-1]) == (0, "NO REGRESSION  nothing has changed")


def test_what_lost_sight_of_something_is_no_success(tmp_path: Path) -> None:
    honest, cut = tmp_path / "honest.ndjson", tmp_path / "cut.ndjson"
    assert roomcheck("check", "--select", "message:*", "--journal", str(honest)).returncode == 0
    cut.write_bytes(b"".join(honest.read_bytes().splitlines(keepends=True)[:-9]))
    run = roomcheck("report", "compare", str(honest), str(cut), "--fail-on-regression")
    assert run.returncode == 4, run.stdout
    assert "after: the journal is truncated" in run.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((str(golden("check")),), "compare: give two journals, the earlier one first; got 1"),
        (
            (str(golden("check")), str(golden("load"))),
            "compare: a check and a load cannot be compared; give two journals of one command",
        ),
        ((str(golden("check")), "nowhere"), "nowhere: cannot be read"),
        ((str(golden("check")), str(golden("check")), "--format", "xml"), "--format: a comparison has no format 'xml'"),
    ],
)
def test_what_cannot_be_compared_is_said_in_one_message(words: tuple[str, ...], says: str) -> None:
    run = roomcheck("report", "compare", *words)
    assert run.returncode == 2
    assert says in run.stderr
    assert len(run.stderr.splitlines()) == 1


@pytest.mark.parametrize("name", comparison.formats())
def test_hostile_texts_break_out_of_no_comparison(name: str) -> None:
    before, after = hostile("load"), hostile("load")
    turned = [msgspec.structs.replace(one, outcome=Outcome.PASS) for one in before.verdicts]
    before = msgspec.structs.replace(before, verdicts=tuple(turned))
    text = comparison.renderer(name)(compare(before, after))
    text.encode()
    assert not any((ord(one) < 32 and one != "\n") or one == "\u202e" for one in text)
    assert len(text) < 6_000_000
    if name == "html":
        valid_html(text)
    if name == "markdown":
        valid_markdown(text)
    if name == "json":
        assert json.loads(text)["regressed"]


def test_loads_that_differ_are_not_compared() -> None:
    rng = random.Random(5)  # noqa: S311
    before, after = loaded(rng), loaded(rng, slower=2)
    assert compare(before, after).regressed
    header = msgspec.structs.replace(after.header, load={"num_users": "9"})
    found = compare(before, msgspec.structs.replace(after, header=header))
    assert not found.regressed
    assert not found.told
    assert "num_users was not given, is 9" in found.remarks[-1]
    for name in comparison.formats():
        assert "comparable" in comparison.renderer(name)(found)


def test_figures_that_nothing_bounds_are_null() -> None:
    rng = random.Random(1)  # noqa: S311
    text = comparison.renderer("json")(compare(loaded(rng, publications=4), loaded(rng, publications=4)))
    figures = {one["name"]: one for one in json.loads(text)["figures"]}
    assert figures["delivery p99.9"]["high"] is None
    assert not figures["delivery p99.9"]["regressed"]
    assert encode(header())
