"""What Locust's web UI shows of rooms: tabs with tables of its own front-end, and `/rooms.json` with the same.

The front-end shows one table in each added tab, and asks for its rows with those of its own statistics; it sorts by the
column that is clicked, so cells are numbers wherever they can be. Its tables cannot change their columns in mid-run.

Source: https://docs.locust.io/en/stable/extending-locust.html#extending-the-web-ui
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from flask import Response, request

from conformance.journal.metrics import TRENDS
from loadtests.ledger.counts import defects
from loadtests.ledger.histogram import Histogram
from loadtests.ledger.totals import Totals
from loadtests.verdict.thresholds import Judged
from loadtests.verdict.verdict import Verdict

if TYPE_CHECKING:
    from loadtests.run.session import Session

Row: TypeAlias = dict[str, Any]

ALL = "all"
"""In place of a scenario: every one of them."""

NO_SCENARIO = "(none)"
"""What is counted of nobody's scenario: what came of publications that nobody has told of."""

WINDOW_S = 10.0
"""Over how long deliveries a second are measured: workers report every 3 s, and a shorter time would be uneven."""

COUNTS = (
    "published", "ok", "late", "lost", "duplicate", "reordered", "leaked", "contract_failed", "excused", "unknown",
    "pending",
)  # fmt: skip
"""The counts that have a column of their own; what else was counted stands together in one."""

_LONG = re.compile(r"\S{16}(?=\S)")

PERCENTS = (50, 95, 99)


# --- rows --------------------------------------------------------------------------------------------------------


def ledger(accounts: Totals) -> list[Row]:
    """The ledger of all scenarios, and of each."""
    rows = [_counted(ALL, accounts.counts())]
    for scenario in accounts.scenarios():
        counts = accounts.counts(scenario)
        if counts:
            rows.append(_counted(scenario or NO_SCENARIO, counts))
    return rows


def _counted(scenario: str, counts: Mapping[str, int]) -> Row:
    others = {name: count for name, count in counts.items() if name not in COUNTS}
    return {"scenario": scenario} | {name: counts.get(name, 0) for name in COUNTS} | {"others": others}


def latency(accounts: Totals) -> list[Row]:
    """How long deliveries took, by the size of the room and the scenario."""
    whole: dict[tuple[int, str], Histogram] = {}
    for (name, tags), times in accounts.trends().items():
        if name == "delivery":
            has = dict(tags)
            key = (int(has.get("room_size", 0)), has.get("scenario") or NO_SCENARIO)
            whole.setdefault(key, Histogram()).merge(times)
    rows: list[Row] = []
    for size in sorted({size for size, _ in whole}):
        of = {scenario: times for (other, scenario), times in sorted(whole.items()) if other == size and times.count}
        if len(of) > 1:
            every = Histogram()
            for times in of.values():
                every.merge(times)
            of = {ALL: every} | of
        rows += (_timed(size, scenario, times) for scenario, times in of.items())
    return rows


def _timed(size: int, scenario: str, times: Histogram) -> Row:
    return {"room_size": size, "scenario": scenario} | _times(times)


def _times(times: Histogram) -> Row:
    percentiles = {f"p{percent}": round(times.percentile(percent), 1) for percent in PERCENTS}
    return percentiles | {"max": round(times.most, 1), "count": times.count}


def generators(accounts: Totals) -> list[Row]:
    """How well each worker keeps up."""
    clocks, rows = accounts.clocks(), []
    for worker, account in sorted(accounts.snapshots.items()):
        health = account.health
        lag = Histogram()
        for name, _, packed in account.trends:
            if name == "loop_lag":
                lag.merge(Histogram.unpacked(packed))
        offset_ms, error_ms = clocks.get(worker, (None, None))
        rows.append(
            {
                "worker": worker,
                "lost": worker in accounts.gone,
                "sockets": account.sockets,
                "rooms": account.rooms,
                "cpu_percent": round(health.cpu_percent),
                "lag_ms": round(health.lag_ms, 1),
                "lag_p99_ms": round(lag.percentile(99), 1),
                "backlog_bytes": health.backlog_bytes,
                "rss_mb": round(health.rss_kb / 1024),
                "clock_offset_ms": None if offset_ms is None else round(offset_ms, 3),
                "clock_error_ms": None if error_ms is None else round(error_ms, 3),
            }
        )
    return rows


def gates(judged: Iterable[Judged]) -> list[Row]:
    """What became of each gate, or would if the run ended now."""
    return [{"gate": one.gate.text, "outcome": one.outcome, "value": one.value, "unit": _unit(one)} for one in judged]


def _unit(one: Judged) -> str:
    if one.gate.metric in TRENDS:
        return "" if one.gate.aggregate == "count" else "ms"
    return "a second" if one.gate.aggregate == "rate" else ""


def _said(verdict: Verdict) -> Row:
    limits, notes = list(verdict.limits), list(verdict.notes)
    return {"code": verdict.code, "summary": verdict.summary, "limits": limits, "notes": notes}


class Pace:
    """Deliveries a second, from what was counted at the looks of the last seconds."""

    def __init__(self) -> None:
        self._looks: deque[tuple[float, int]] = deque([(0.0, 0)])

    def look(self, elapsed_s: float, count: int) -> tuple[float, float]:
        """Look now: how many a second, and over how many seconds that is measured."""
        last_s, last = self._looks[-1]
        if elapsed_s < last_s:  # Another run, which has counted from nothing.
            self._looks = deque([(0.0, 0)])
        elif count < last:  # A worker that came again has forgotten its own.
            self._looks = deque([(elapsed_s, count)])
        self._looks.append((elapsed_s, count))
        while len(self._looks) > 2 and self._looks[1][0] <= elapsed_s - WINDOW_S:
            self._looks.popleft()
        then_s, before = self._looks[0]
        over_s = elapsed_s - then_s
        return ((count - before) / over_s if over_s > 0 else 0.0), over_s


# --- tables ------------------------------------------------------------------------------------------------------


def overview(found: Row) -> list[Row]:
    """The run at a glance: the verdict first, where there is one."""
    verdict, over = found["verdict"], found["verdict"] is not None
    whole, delivery, rows = found["ledger"][0], found["delivery_ms"], []
    if over:
        outcome, _, why = verdict["summary"].partition(": ")
        rows.append(_told("Verdict", outcome, f"{why or outcome} (exit code {verdict['code']})"))
    rows.append(_told("Elapsed", f"{found['elapsed_s']:.0f} s"))
    if not over:  # They go with the run, some before it is looked at and some after.
        rows.append(_told("Sockets", f"{found['sockets']:,}", f"in {found['rooms']:,} rooms"))
    span = "over the whole run" if over else f"over the last {found['over_s']:.1f} s"
    rows += [
        _told("Deliveries a second", f"{found['deliveries_per_s']:,.1f}", span),
        _told("Published", f"{whole['published']:,}"),
        _told("Deliveries in time", f"{whole['ok']:,}", f"{whole['late']:,} late, {whole['pending']:,} pending"),
        _told("Defects", _listed(defects(whole | whole["others"])) or "none"),
    ]
    if delivery["count"]:
        percentiles = ", ".join(f"p{percent} {delivery[f'p{percent}']} ms" for percent in PERCENTS[:-1])
        rows.append(_told("Delivery p99", f"{delivery['p99']} ms", f"{percentiles}, max {delivery['max']} ms"))
    rows += [_told(f"Gate {gate['gate']}", gate["outcome"], _measured(gate)) for gate in found["gates"]]
    if over:
        rows += [_told("Generator", "limited", line) for line in verdict["limits"]]
        rows += [_told("Note", "", line) for line in verdict["notes"]]
    return rows


def _measured(gate: Row) -> str:
    value = gate["value"]
    if value is None:
        return "nothing was measured"
    return f"{value:,.{0 if value == int(value) else 2}f} {gate['unit']}".rstrip()


def _told(what: str, value: str, note: str = "") -> Row:
    # The frame of a witness has no spaces, and is wider than a screen where it cannot be broken.
    return {"what": what, "value": value, "note": _LONG.sub("\\g<0>\N{ZERO WIDTH SPACE}", note)}


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {_worded(name)}" for name, count in counts.items())


def _worded(name: str) -> str:
    return name.replace("_", " ")


def tables(found: Row) -> dict[str, list[Row]]:
    """The rows of each tab, under its key, as the front-end takes them."""
    others = [_listed(row["others"]) for row in found["ledger"]]
    workers = [row["worker"] + (" (lost)" if row["lost"] else "") for row in found["generators"]]
    return {
        "rooms": overview(found),
        "room-ledger": [row | {"others": text} for row, text in zip(found["ledger"], others, strict=True)],
        "room-latency": found["latency_ms"],
        "room-health": [row | {"worker": text} for row, text in zip(found["generators"], workers, strict=True)],
    }


def columns(*, master: bool) -> dict[str, tuple[str, dict[str, str]]]:
    """The title of each tab and of its columns; only a master has clocks to compare."""
    clocks = {"clock_offset_ms": "Clock offset (ms)", "clock_error_ms": "± (ms)"} if master else {}
    return {
        "rooms": ("Rooms", {"what": "Measure", "value": "Value", "note": "Detail"}),
        "room-ledger": (
            "Ledger",
            {"scenario": "Scenario"}
            | {name: _worded(name).capitalize() for name in COUNTS}
            | {"others": "Counted besides"},
        ),
        "room-latency": (
            "Latency",
            {"room_size": "Room size up to", "scenario": "Scenario"}
            | {f"p{percent}": f"p{percent} (ms)" for percent in PERCENTS}
            | {"max": "Max (ms)", "count": "Deliveries"},
        ),
        "room-health": (
            "Health",
            {
                "worker": "Worker",
                "sockets": "Sockets",
                "rooms": "Rooms",
                "cpu_percent": "CPU (% of a core)",
                "lag_ms": "Loop lag now (ms)",
                "lag_p99_ms": "Loop lag p99 (ms)",
                "backlog_bytes": "Receive backlog (bytes)",
                "rss_mb": "Peak memory (MB)",
            }
            | clocks,
        ),
    }


# --- Locust's web UI ---------------------------------------------------------------------------------------------


class View:
    """What is to be seen of a session now."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._pace = Pace()

    def _elapsed_s(self) -> float:
        runner = self._session.state.environment.runner
        return 0.0 if runner is None or runner.state == "ready" else self._session.referee.elapsed_s

    def found(self) -> Row:
        """Everything, as `/rooms.json` gives it."""
        session, elapsed_s = self._session, self._elapsed_s()
        accounts, verdict, runner = session.state.accounts, session.state.verdict, session.state.environment.runner
        names = ("delivery", "delivery_in_ramp")
        deliveries = sum(times.count for (name, _), times in accounts.trends().items() if name in names)
        rate, over_s = self._pace.look(elapsed_s, deliveries)
        if verdict is not None:
            rate, over_s = (deliveries / elapsed_s if elapsed_s else 0.0), elapsed_s
        judged = verdict.gates if verdict else [gate.judged(accounts, elapsed_s) for gate in session.state.gates]
        return {
            "state": runner.state if runner else None,
            "elapsed_s": round(elapsed_s, 3),
            "sockets": accounts.sockets,
            "rooms": accounts.rooms,
            "deliveries": deliveries,
            "deliveries_per_s": round(rate, 1),
            "over_s": round(over_s, 3),
            "ledger": ledger(accounts),
            "delivery_ms": _times(accounts.trend("delivery")),
            "latency_ms": latency(accounts),
            "generators": generators(accounts),
            "gates": gates(judged),
            "verdict": _said(verdict) if verdict else None,
        }


def extend(session: Session) -> None:
    """Add the tabs and the route to the web UI of this process, where it has one."""
    ui = session.state.environment.web_ui
    if ui is None or ui.app is None:
        return
    view = View(session)
    titles = columns(master=session.state.master)
    tabs = [{"key": key, "title": title} for key, (title, _) in titles.items()]
    structures = [
        {"key": key, "structure": [{"key": name, "title": text} for name, text in named.items()]}
        for key, (_, named) in titles.items()
    ]
    files = [{"href": "./rooms.json", "title": "Download rooms JSON"}]
    for name, ours in (("extended_tabs", tabs), ("extended_tables", structures), ("extended_csv_files", files)):
        ui.template_args[name] = [*ui.template_args.get(name, []), *ours]

    def rooms() -> Response:
        # Not `jsonify`, which would sort the counts by their names.
        return Response(json.dumps(view.found()), mimetype="application/json")

    def with_rows(response: Response) -> Response:
        if request.endpoint == "locust.request_stats" and response.status_code == 200 and response.is_json:
            # Locust answers with the same object for 2 s, so it may hold our rows of before.
            body: Any = response.get_json()
            theirs = [one for one in body.get("extended_stats", []) if one["key"] not in titles]
            ours = [{"key": key, "data": rows} for key, rows in tables(view.found()).items()]
            response.set_data(json.dumps({**body, "extended_stats": [*theirs, *ours]}))
        return response

    # Below the path that Locust's own routes are below, and behind its login.
    base = ui.app.blueprints["locust"].url_prefix or ""
    guarded = ui.auth_required_if_enabled(rooms)  # type: ignore[no-untyped-call]  # Locust leaves it untyped
    ui.app.add_url_rule(f"{base}/rooms.json", "rooms", guarded)
    ui.app.after_request(with_rows)
