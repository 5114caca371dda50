"""Charts in Locust's web UI: above the tables of our tabs, drawn by a script that is added to its page.

Locust's front-end lets others add tabs and tables, and no chart. The script draws with the plotting library of the HTML
report and in the same way, and asks for nothing but this process.

Source: https://docs.locust.io/en/stable/extending-locust.html#extending-the-web-ui
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from flask import Response, request

from loadtests.ledger.histogram import Histogram
from loadtests.output.series import WINDOW_S, Series

if TYPE_CHECKING:
    from loadtests.run.session import Session

Chart: TypeAlias = dict[str, Any]

ROOT = Path(__file__).parents[2]
SCRIPTS = (
    ROOT / "reports" / "page" / "vendor" / "uplot.js",
    ROOT / "reports" / "page" / "plot.js",
    Path(__file__).parent / "page" / "charts.js",
)
STYLES = (ROOT / "reports" / "page" / "vendor" / "uplot.css", Path(__file__).parent / "page" / "charts.css")

PERCENTS = (50, 95, 99)
ROOMS, LATENCY = "Rooms", "Latency"
"""The titles of the tabs that have charts."""


def charts(series: Series, sizes: Mapping[int, Histogram]) -> dict[str, list[Chart]]:
    """The charts of each tab, by its title.

    Args:
        sizes: the latencies of deliveries, by the size of their rooms.
    """
    columns = series.columns()
    at = columns["at_s"]
    over = {name: columns[name] for name in ("p50", "p95", "p99")}
    by_size = {f"p{percent}": [round(times.percentile(percent), 3) for times in sizes.values()] for percent in PERCENTS}
    return {
        ROOMS: [
            _chart("Deliveries a second", "seconds", at, "a second", {"deliveries": columns["per_s"]}),
            _chart(f"Latency of deliveries over the last {WINDOW_S:g} s", "seconds", at, "ms", over),
            _chart("Defects so far", "seconds", at, "defects", {"defects": columns["defects"]}),
            _chart("Sockets", "seconds", at, "sockets", {"sockets": columns["sockets"]}),
        ],
        LATENCY: [
            _chart(
                "Latency by the size of the room", "members, up to", range(len(sizes)), "ms", by_size,
                labels=[f"{size:,}" for size in sizes],
            )
        ],
    }  # fmt: skip


def _chart(
    title: str,
    across: str,
    x: Iterable[float | None],
    unit: str,
    lines: Mapping[str, Sequence[float | None]],
    labels: Sequence[str] = (),
) -> Chart:
    return {"title": title, "across": across, "unit": unit, "x": list(x), "lines": dict(lines), "labels": list(labels)}


def by_size(trends: Mapping[tuple[str, Any], Histogram]) -> dict[int, Histogram]:
    """The latencies of deliveries by the size of rooms, the smallest first."""
    found: dict[int, Histogram] = {}
    for (name, tags), times in trends.items():
        size = dict(tags).get("room_size", "")
        if name == "delivery" and size.isdecimal() and times.count:
            found.setdefault(int(size), Histogram()).merge(times)
    return dict(sorted(found.items()))


def extend(session: Session) -> None:
    """Add the charts to the web UI of this process, where it has one."""
    ui = session.state.environment.web_ui
    if ui is None or ui.app is None:
        return
    script = f"const TABS = {json.dumps([ROOMS, LATENCY])};\n" + "\n".join(path.read_text("utf-8") for path in SCRIPTS)
    style = "\n".join(path.read_text("utf-8") for path in STYLES)
    parts = '<link rel="stylesheet" href="./rooms-charts.css"><script defer src="./rooms-charts.js"></script>'

    def drawn() -> Response:
        found = charts(session.state.series, by_size(session.state.accounts.trends()))
        return Response(json.dumps(found), mimetype="application/json")

    def with_charts(response: Response) -> Response:
        if request.endpoint == "locust.index" and response.status_code == 200 and response.mimetype == "text/html":
            response.set_data(response.get_data(as_text=True).replace("</body>", f"{parts}</body>", 1))
        return response

    base = ui.app.blueprints["locust"].url_prefix or ""
    for name, view in {
        "rooms-charts.json": drawn,
        "rooms-charts.js": lambda: Response(script, mimetype="text/javascript"),
        "rooms-charts.css": lambda: Response(style, mimetype="text/css"),
    }.items():
        guarded = ui.auth_required_if_enabled(view)  # type: ignore[no-untyped-call]  # Locust leaves it untyped
        ui.app.add_url_rule(f"{base}/{name}", name, guarded)
    ui.app.after_request(with_charts)
