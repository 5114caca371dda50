"""Locust's web UI in a real browser: the tabs of rooms, live, and as they are when the run is over."""

import contextlib
import json
import os
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser import browser
from tests.forks import LOCUST, Fork
from tests.running import clean_environment, free_port, served

DEADLINE_S = 30
TABS = ("Rooms", "Ledger", "Latency", "Health")


@contextlib.contextmanager
def locust(*words: str, port: int) -> Iterator[Fork]:
    """Locust with its web UI."""
    command = ("locust", "-f", "loadtests/locustfile.py", "--web-port", str(port), *words)
    with open(os.devnull, "w") as nowhere, Fork(command, of=LOCUST, env=clean_environment(), stdout=nowhere) as program:
        assert program.stderr is not None
        assert any("Starting web interface" in line for line in program.stderr)
        threading.Thread(target=lambda: [None for _ in program.stderr or ()], daemon=True).start()
        _listening(port)
        try:
            yield program
        finally:
            program.terminate()
            program.wait(timeout=DEADLINE_S)


def _listening(port: int) -> None:
    """Wait until the port answers: Locust says that it starts before it has."""
    end_s, pause = time.monotonic() + DEADLINE_S, threading.Event()
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < end_s
            pause.wait(0.05)
        else:
            return


def rooms(port: int) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/rooms.json", timeout=10) as answer:
        found: dict[str, Any] = json.loads(answer.read())
        return found


def charts(port: int) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/rooms-charts.json", timeout=10) as answer:
        found: dict[str, Any] = json.loads(answer.read())
        return found


def post(port: int, path: str, data: bytes = b"") -> None:
    urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", data=data, timeout=10).close()


def shown(chrome: Chrome, tab: str) -> dict[str, list[str]]:
    """The rows of a tab's table, by their first cell."""
    table = "//button[@role='tab' and .='{}']"
    chrome.find_element(By.XPATH, table.format(tab)).click()
    script = """return [...document.querySelectorAll('table:not(.u-legend) tr')]
        .filter(row => row.offsetParent !== null).map(row => [...row.cells].map(cell => cell.innerText.trim()))"""
    rows: list[list[str]] = chrome.execute_script(script)
    return {row[0]: row[1:] for row in rows if row}


def drawn(chrome: Chrome, tab: str) -> dict[str, dict[str, Any]]:
    """The charts of a tab that are seen, by their titles: what stands on their axes, and how much of them is drawn."""
    chrome.find_element(By.XPATH, f"//button[@role='tab' and .='{tab}']").click()
    script = """return [...document.querySelectorAll('.roomcheck-charts figure')]
        .filter(one => one.offsetParent !== null)
        .map(one => { const canvas = one.querySelector('canvas');
            const image = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            const colours = new Uint32Array(image.data.buffer);
            return [one.querySelector('figcaption').innerText, {
                lines: [...one.querySelectorAll('.u-legend .u-label')].map(label => label.innerText),
                colours: new Set(colours).size, wide: one.scrollWidth - one.clientWidth,
                ink: getComputedStyle(one.querySelector('figcaption')).color}]})"""
    found: list[tuple[str, dict[str, Any]]] = chrome.execute_script(script)
    return dict(found)


COURSE = {
    "Deliveries a second": ["seconds", "deliveries"],
    "Latency of deliveries over the last 10 s": ["seconds", "p50", "p95", "p99"],
    "Defects so far": ["seconds", "defects"],
    "Sockets": ["seconds", "sockets"],
}


def test_charts_stand_above_the_tables_of_two_tabs_in_light_and_dark_and_at_two_widths() -> None:
    port = free_port()
    words = ("Chat", "--sockets-per-user", "10", "--room-size", "4:1,16:1", "--start-after", "0.1")
    with served("--lie", "delivered-twice") as url, locust("--host", url, *words, port=port), browser() as chrome:
        post(port, "swarm", f"user_count=4&spawn_rate=4&host={url}".encode())
        chrome.get(f"http://127.0.0.1:{port}/")
        wait(chrome, lambda: chrome.find_elements(By.XPATH, "//button[@role='tab' and .='Rooms']"))
        wait(chrome, lambda: len(charts(port)["Rooms"][1]["x"]) > 3 and len(charts(port)["Latency"][0]["x"]) == 2)
        wait(chrome, lambda: {title: one["lines"] for title, one in drawn(chrome, "Rooms").items()} == COURSE)
        # A line is drawn, and not the axes alone.
        wait(chrome, lambda: all(one["colours"] > 20 for one in drawn(chrome, "Rooms").values()))
        rates, latency, defects, sockets = charts(port)["Rooms"]
        assert max(sockets["lines"]["sockets"]) == 40
        assert max(rates["lines"]["deliveries"]) > 0
        assert defects["lines"]["defects"][-1] > 0
        assert all(
            p50 <= p99 for p50, p99 in zip(*(latency["lines"][name] for name in ("p50", "p99")), strict=True) if p50
        )
        assert list(drawn(chrome, "Ledger")) == []
        assert drawn(chrome, "Latency")["Latency by the size of the room"]["lines"][1:] == ["p50", "p95", "p99"]
        light = drawn(chrome, "Rooms")["Sockets"]["ink"]
        buttons = chrome.find_elements(By.XPATH, "//header//button[not(normalize-space(.))]")
        next(one for one in buttons if one.is_displayed()).click()
        wait(chrome, lambda: drawn(chrome, "Rooms")["Sockets"]["ink"] != light)
        chrome.set_window_size(500, 900)
        wait(chrome, lambda: all(one["wide"] <= 0 for one in drawn(chrome, "Rooms").values()))
        post(port, "stop")
        assert not [line for line in chrome.get_log("browser") if line["level"] == "SEVERE"]


def wait(chrome: Chrome, fact: Callable[[], object]) -> None:
    WebDriverWait(chrome, DEADLINE_S, poll_frequency=0.2).until(lambda _: fact())


def number(text: str) -> float:
    return float(text.replace(",", "").split()[0])


def test_the_tabs_show_a_run_live_and_its_verdict() -> None:
    port = free_port()
    words = ("Chat", "Locations", "--sockets-per-user", "10")
    gates = ("--gate", "delivery: p(99)<2000", "--room-size", "4:1,16:1")
    with served() as url, locust("--host", url, *words, *gates, port=port), browser() as chrome:
        # Begun and ended when the browser is there to see it, however long that takes on a machine that is busy.
        post(port, "swarm", f"user_count=8&spawn_rate=8&host={url}".encode())
        chrome.get(f"http://127.0.0.1:{port}/")
        wait(
            chrome, lambda: all(chrome.find_elements(By.XPATH, f"//button[@role='tab' and .='{tab}']") for tab in TABS)
        )
        wait(chrome, lambda: shown(chrome, "Rooms").get("Sockets", [""])[0] == "80")
        wait(chrome, lambda: number(shown(chrome, "Rooms")["Deliveries in time"][0]) > 0)
        then = number(shown(chrome, "Rooms")["Deliveries in time"][0])
        wait(chrome, lambda: number(shown(chrome, "Rooms")["Deliveries in time"][0]) > then)
        live = shown(chrome, "Rooms")
        assert "Verdict" not in live
        assert number(live["Deliveries a second"][0]) > 0
        assert live["Defects"][0] == "none"
        assert live["Gate delivery: p(99)<2000"][0] == "holds"
        post(port, "stop")
        wait(chrome, lambda: "Verdict" in shown(chrome, "Rooms"))
        over, told = shown(chrome, "Rooms"), rooms(port)
        ok = told["ledger"][0]["ok"]
        holds = ["holds", f"every one of {ok} deliveries was accounted for (exit code 0)"]
        # Beside other work the generator may not keep up, which is what it has to say then.
        why = "the load generator could not keep up, so this run does not measure the service (exit code 4)"
        assert over["Verdict"] == (["generator-limited", why] if told["verdict"]["limits"] else holds)
        assert number(over["Deliveries in time"][0]) == ok
        ledger = shown(chrome, "Ledger")
        assert set(ledger) == {"Scenario", "all", "Chat", "Locations"}
        assert sum(int(ledger[name][1]) for name in ("Chat", "Locations")) == int(ledger["all"][1]) == ok
        latency = shown(chrome, "Latency")
        assert {"10", "100"} <= {size.removesuffix(" all") for size in latency} | set(latency)
        health = shown(chrome, "Health")
        assert len(health) == 2
        assert next(iter(health)) == "Worker"
        severe = [line for line in chrome.get_log("browser") if line["level"] == "SEVERE"]
        assert not severe


def test_a_run_that_is_started_in_the_ui_is_one_of_its_own_and_a_lie_is_shown() -> None:
    port = free_port()
    words = ("Chat", "--sockets-per-user", "4", "--chat-rate", "5")
    with served("--lie", "delivered-twice") as url, locust("--host", url, *words, port=port), browser() as chrome:
        chrome.get(f"http://127.0.0.1:{port}/")
        assert rooms(port)["elapsed_s"] == 0
        runs = []
        for _ in range(2):
            post(port, "swarm", b"user_count=2&spawn_rate=2")
            wait(chrome, lambda: rooms(port)["ledger"][0]["duplicate"] > 5 and rooms(port)["verdict"] is None)
            post(port, "stop")
            wait(chrome, lambda: rooms(port)["verdict"] is not None)
            runs.append(rooms(port))
        chrome.refresh()
        wait(chrome, lambda: chrome.find_elements(By.XPATH, "//button[@role='tab' and .='Rooms']"))
        wait(chrome, lambda: shown(chrome, "Rooms").get("Verdict", [""])[0] == "broken")
        first, second = (run["ledger"][0]["published"] for run in runs)
        assert second < 2 * first, "the second run counts from nothing"
        assert [run["verdict"]["code"] for run in runs] == [1, 1]
        assert "duplicate" in shown(chrome, "Rooms")["Defects"][0]
