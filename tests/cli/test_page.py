"""The HTML report in a real browser: what it shows, its filter, that nothing leaves it and nobody is kept out."""

import contextlib
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By

from conformance.journal import records as journals
from conformance.journal.records import Journal
from conformance.model.verdict import Outcome
from reports import comparison
from reports.html import render
from reports.output import history, trend
from reports.parts.compare import compare
from tests.browser import browser
from tests.golden import KINDS, golden
from tests.records import hostile
from tests.running import ROOT, lacking

AXE = ROOT / "tests" / "peers" / "page" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="module")
def chrome() -> Iterator[Chrome]:
    with browser() as made:
        yield made


@contextlib.contextmanager
def shown(chrome: Chrome, folder: Path, *made: Journal, page: str = "") -> Iterator[list[str]]:
    """A page, or that of journals, in the browser, from a server that notes what is asked for besides the page."""
    (folder / "page.html").write_text(page or render(made), "utf-8", errors="backslashreplace")
    asked: list[str] = []

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(folder))

        def log_message(self, *_: object) -> None:
            asked.append(self.path)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        chrome.get_log("browser")
        chrome.get(f"http://127.0.0.1:{server.server_port}/page.html")
        yield asked
        server.shutdown()


def of(kind: str) -> Journal:
    return journals.read(golden(kind))


def faults(chrome: Chrome) -> list[str]:
    """What the console says; the browser asks for an icon of its own accord."""
    return [entry["message"] for entry in chrome.get_log("browser") if "favicon" not in entry["message"]]


def violations(chrome: Chrome) -> list[tuple[str, str, str]]:
    """What axe-core finds on the page, all of it unfolded: (rule, element, what to do)."""
    if not AXE.exists():
        lacking("axe-core")
    chrome.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")
    # A policy that lets no other script run is the page's own; the debugger is not bound by it.
    chrome.execute_cdp_cmd("Runtime.evaluate", {"expression": AXE.read_text()})
    run = {"expression": "axe.run().then((r) => JSON.stringify(r))", "awaitPromise": True}
    found = json.loads(chrome.execute_cdp_cmd("Runtime.evaluate", run)["result"]["value"])
    assert len(found["passes"]) > 10, "it has looked"
    return [
        (one["id"], node["html"][:200], node["failureSummary"])
        for one in found["violations"]
        if one["impact"] in ("serious", "critical", "moderate")
        for node in one["nodes"]
    ]


def scheme(chrome: Chrome, name: str) -> None:
    features = [{"name": "prefers-color-scheme", "value": name}]
    chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_keeps_anybody_out_and_nothing_is_fetched(chrome: Chrome, tmp_path: Path, kind: str) -> None:
    with shown(chrome, tmp_path, of(kind)) as asked:
        for colours in ("dark", "light"):
            scheme(chrome, colours)
            assert not violations(chrome), colours
    assert not faults(chrome)
    assert set(asked) <= {"/page.html", "/favicon.ico"}


@pytest.mark.parametrize("width", [360, 800, 1600])
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_as_wide_as_its_window(chrome: Chrome, tmp_path: Path, kind: str, width: int) -> None:
    metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}
    chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    with shown(chrome, tmp_path, of(kind)):
        seen = chrome.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
    chrome.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert seen[1] == width
    assert seen[0] <= width


def test_a_check_shows_the_matrix_each_finding_and_how_it_came(chrome: Chrome, tmp_path: Path) -> None:
    with shown(chrome, tmp_path, of("check")):
        assert chrome.find_element(By.TAG_NAME, "h1").text == "broken"
        cell = chrome.find_element(By.CSS_SELECTOR, ".matrix td.fail a")
        assert cell.get_attribute("aria-label") == "fail: broadcast-keeps-its-name, message:broadcast"
        cell.send_keys(Keys.ENTER)
        finding = chrome.find_element(By.CSS_SELECTOR, ".finding:target")
        assert finding.get_attribute("open")
        assert "Broadcasts are sent under the names that the contract gives them" in finding.text
        assert "renamed from 'message:broadcast' to 'message:new'" in finding.text
        diagram = finding.find_element(By.TAG_NAME, "svg")
        said = [one.text for one in diagram.find_elements(By.CSS_SELECTOR, ".shows .said")]
        assert said[0].startswith("POST => 201 /api/messages/")
        assert "message:new" in said
        assert "from the service: message:new" in diagram.find_element(By.TAG_NAME, "title").get_attribute(
            "textContent"
        )
        body = chrome.find_element(By.TAG_NAME, "body").get_attribute("textContent")
        assert "acts in" in body
        assert "(by roster)" in body or "(by ack)" in body


def test_an_alignment_shows_the_matrix_with_what_stands_there(chrome: Chrome, tmp_path: Path) -> None:
    with shown(chrome, tmp_path, of("align")):
        head = [one.text for one in chrome.find_elements(By.CSS_SELECTOR, ".places thead th")]
        assert head == ["event", "contract", "guide.md", "wire"]
        rows = {
            row.find_element(By.TAG_NAME, "th").text: row.find_elements(By.TAG_NAME, "td")
            for row in chrome.find_elements(By.CSS_SELECTOR, ".places tbody tr")
        }
        assert [one.text.split("\n")[0] for one in rows["message:broadcast"]] == ["ok", "ok", "wrong"]
        drift = rows["message:new"][1]
        assert drift.get_attribute("class") == "fail"
        drift.find_element(By.TAG_NAME, "summary").click()
        assert "guide.md:4:4" in drift.text
        assert "4 - `message:new`" in drift.text


def test_a_load_draws_its_series_and_has_the_figures_in_tables(chrome: Chrome, tmp_path: Path) -> None:
    with shown(chrome, tmp_path, of("load")):
        charts = chrome.find_elements(By.CSS_SELECTOR, "figure.chart")
        titles = [one.find_element(By.TAG_NAME, "figcaption").text for one in charts]
        # What explains the verdict comes first, right below it and within the first screen.
        assert titles[0] == "Defects over the run, count so far"
        below, first = chrome.find_element(By.TAG_NAME, "header").rect, charts[0].rect
        assert below["y"] + below["height"] < first["y"] < chrome.find_element(By.TAG_NAME, "h2").rect["y"]
        assert first["y"] + first["height"] < 900
        assert titles[1:4] == ["Deliveries a second, /s", "Latency of deliveries so far, ms", "Sockets and rooms"]
        assert {"Latency by percentile, ms", "Latency by the size of the room, ms"} <= set(titles)
        assert any(title.startswith("Generator: ") for title in titles)
        painted = "const [c] = arguments; const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        for chart in charts:
            canvas = chart.find_element(By.TAG_NAME, "canvas")
            assert chrome.execute_script(f"{painted} return d.some((one) => one > 0)", canvas)
            assert chart.find_element(By.TAG_NAME, "table").get_attribute("textContent")
        ledger = chrome.find_element(By.CSS_SELECTOR, "section[aria-labelledby$=ledger] table").text
        assert "duplicate" in ledger
        gates = [one.text for one in chrome.find_elements(By.TAG_NAME, "tr") if "==0" in one.text]
        assert any("broken" in one for one in gates)
        before = chrome.find_element(By.TAG_NAME, "canvas").size["width"]
        chrome.set_window_size(700, 900)
        after = chrome.find_element(By.TAG_NAME, "canvas").size["width"]
        chrome.set_window_size(1280, 900)
        assert after < before


def test_search_and_filter_are_in_the_address(chrome: Chrome, tmp_path: Path) -> None:
    def visible() -> list[str]:
        script = "return [...document.querySelectorAll('.finding')].filter(one => one.checkVisibility())"
        return chrome.execute_script(f"{script}.map(one => one.dataset.outcome || '')")

    with shown(chrome, tmp_path, hostile("check")):
        assert set(visible()) == {"error", "fail", "warning", "known", "inconclusive", "skip"}
        chrome.find_element(By.CSS_SELECTOR, "input[value=error]").click()
        assert "error" not in visible()
        assert "outcome=fail%2Cwarning" in chrome.current_url
        chrome.find_element(By.CSS_SELECTOR, "input[type=search]").send_keys("onerror fail")
        assert visible() == ["fail"]
        assert "1 of " in chrome.find_element(By.TAG_NAME, "output").text
        sent = chrome.current_url
        chrome.get("about:blank")
        chrome.get(sent)
        assert visible() == ["fail"]
        assert chrome.find_element(By.CSS_SELECTOR, "input[type=search]").get_attribute("value") == "onerror fail"


@pytest.mark.parametrize("command", [*KINDS, "another"])
def test_nothing_that_a_service_says_is_run(chrome: Chrome, tmp_path: Path, command: str) -> None:
    with shown(chrome, tmp_path, hostile(command)) as asked:
        assert not chrome.find_elements(By.TAG_NAME, "img")
        assert chrome.execute_script("return document.querySelectorAll('script:not([type])').length") <= 3
        assert "<script>alert(1)</script>" in chrome.find_element(By.TAG_NAME, "body").get_attribute("textContent")
        assert not faults(chrome)
        assert set(asked) <= {"/page.html", "/favicon.ico"}


def test_what_is_folded_is_printed_too(chrome: Chrome, tmp_path: Path) -> None:
    with shown(chrome, tmp_path, of("check")):
        chrome.execute_script("dispatchEvent(new Event('beforeprint'))")
        assert all(one.get_attribute("open") for one in chrome.find_elements(By.TAG_NAME, "details"))
        chrome.execute_script("dispatchEvent(new Event('afterprint'))")
        assert not all(one.get_attribute("open") for one in chrome.find_elements(By.TAG_NAME, "details"))


def test_several_journals_stand_on_one_page(chrome: Chrome, tmp_path: Path) -> None:
    with shown(chrome, tmp_path, *map(of, KINDS)):
        kinds = [one.text for one in chrome.find_elements(By.CSS_SELECTOR, "article .kind")]
        assert kinds == ["Roomcheck check", "Roomcheck align", "Roomcheck load"]
        ids = chrome.execute_script("return [...document.querySelectorAll('[id]')].map((one) => one.id)")
        assert len(ids) == len(set(ids))
        assert not faults(chrome)


@pytest.mark.parametrize("kind", ["check", "load"])
def test_a_comparison_is_a_page_that_keeps_nobody_out(chrome: Chrome, tmp_path: Path, kind: str) -> None:
    before, after = of(kind), of(kind)
    before = msgspec.structs.replace(
        before, verdicts=tuple(msgspec.structs.replace(one, outcome=Outcome.PASS) for one in before.verdicts)
    )
    with shown(chrome, tmp_path, page=comparison.renderer("html")(compare(before, after))) as asked:
        assert chrome.find_element(By.TAG_NAME, "h1").text == "regressed"
        assert "broke" in chrome.find_element(By.TAG_NAME, "h3").text
        assert bool(chrome.find_elements(By.TAG_NAME, "canvas")) == (kind == "load")
        assert not violations(chrome)
        assert not faults(chrome)
        assert set(asked) <= {"/page.html", "/favicon.ico"}


def test_trends_are_a_page_that_keeps_nobody_out(chrome: Chrome, tmp_path: Path) -> None:
    base = tmp_path / "runs.db"
    made = [of(kind) for kind in KINDS]
    later = [msgspec.structs.replace(one.header, began="2027-01-01T00:00:00+00:00") for one in made]
    made += [msgspec.structs.replace(one, header=header) for one, header in zip(made, later, strict=True)]
    history.add(base, made)
    with shown(chrome, tmp_path, page=trend.render(history.runs(base, 99))):
        titles = [one.text for one in chrome.find_elements(By.TAG_NAME, "figcaption")]
        assert titles == ["Verdicts", "Verdicts", "Verdicts", "Times, ms", "Deliveries, /s"]
        assert len(chrome.find_elements(By.TAG_NAME, "canvas")) == 5
        assert not violations(chrome)
        assert not faults(chrome)
