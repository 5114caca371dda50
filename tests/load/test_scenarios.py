"""Locust runs the scenarios against the served reference service: what it records is true."""

import importlib.util
import json
import math
import re
import subprocess
import urllib.request
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from conformance.reference.lies.messages_are_late import LATE_S
from loadtests.scenarios import FOLDER, found
from tests.forks import LOCUST, Fork
from tests.running import HANG_S, KEY, clean_environment, free_port, is_limited, lacking, served

"""No run of Locust takes longer; it is stopped by its own `-t` well before."""

Samples = dict[tuple[str, str], dict[str, Any]]

CONNECTED = {("WS", "connect"), ("WSE", "sos:room:join"), ("WSC", "participants:active:request")}
BROADCASTS = ("message:broadcast", "location:broadcast")
CAUSES = (("POST", "/api/messages/[sosId]"), ("WSE", "location:update"))
ROSTERS = {("WSR", "participants:active:response")}
CHAT = CONNECTED | {
    ("POST", "/api/messages/[sosId]"),
    ("GET", "/api/messages/[sosId] (all)"),
    ("WSR", "message:broadcast"),
}
LOCATIONS = CONNECTED | {("WSE", "location:update"), ("WSR", "location:broadcast")}


def locust(*words: str) -> subprocess.CompletedProcess[str]:
    """Run Locust in a process of its own: importing it here would patch this one."""
    if importlib.util.find_spec("locust") is None:
        lacking("Locust")
    environment = {k: v for k, v in clean_environment().items() if not k.startswith("LOCUST_")}
    with Fork(("locust", "-f", "loadtests/locustfile.py", *words), of=LOCUST, env=environment) as run:
        out, err = run.communicate(HANG_S)
    return subprocess.CompletedProcess(["locust", *words], run.returncode or 0, out, err)


def load(url: str, users: int, seconds: int, *words: str) -> tuple[int, Samples, str]:
    """A headless run: its exit code, what it recorded by type and name, and what it said."""
    run = locust("--headless", f"-u{users}", f"-r{users}", f"-t{seconds}s", "--host", url, "--json", *words)
    # With several processes each worker prints a list of its own, which is empty.
    lists = [json.loads(text) for text in re.split(r"(?<=\])\s*(?=\[)", run.stdout.strip())]
    entries: list[dict[str, Any]] = [entry for one in lists for entry in one]
    return run.returncode, {(entry["method"], entry["name"]): entry for entry in entries}, run.stderr


def test_every_file_of_the_folder_is_a_scenario(tmp_path: Path) -> None:
    files = {path.stem for path in FOLDER.iterdir() if path.suffix == ".py"} - {"__init__"}
    assert set(found().values()) == files
    assert found()["Chat"] == "chat"
    for name in ("__init__.py", "room_churn.py", "notes.md"):
        (tmp_path / name).touch()
    assert found(tmp_path) == {"RoomChurn": "room_churn"}


def test_locust_shows_each_scenario_under_the_name_of_its_file() -> None:
    run = locust("--list")
    assert run.returncode == 0, run.stderr
    assert run.stdout.split()[2:] == sorted(found())


def test_each_broadcast_is_recorded_with_its_latency_and_no_sos_in_its_name() -> None:
    with served() as url:
        code, samples, said = load(url, 6, 4, "Chat", "Locations", "--room-size", "3")
    assert code == 0 or is_limited(code, said), said
    # These are all the names there are: none holds an SOS, and no error was recorded.
    assert set(samples) - ROSTERS == CHAT | LOCATIONS
    assert {entry["num_failures"] for entry in samples.values()} == {0}
    told = ledger(said)
    assert sum(samples["WSR", name]["num_requests"] for name in BROADCASTS) >= told["ok"] > 0
    assert sum(samples[cause]["num_requests"] for cause in CAUSES) == told["published"]
    for name in BROADCASTS:
        deliveries = samples["WSR", name]
        assert deliveries["num_none_requests"] == 0
        assert deliveries["min_response_time"] > 0
        assert deliveries["total_content_length"] > 100 * deliveries["num_requests"]


def logged_s(said: str, event: str) -> float:
    """When Locust logged something."""
    (text,) = re.findall(rf"^\[([\d-]+ [\d:,]+)\].*{event}", said, re.MULTILINE)
    return datetime.fromisoformat(text.replace(",", ".")).timestamp()


def test_the_run_time_counts_from_when_the_run_is_prepared() -> None:
    with served() as url:
        code, _, said = load(url, 4, 2, "Chat", "--room-size", "3", "--chat-rate", "5")
    assert code == 0 or is_limited(code, said), said
    # By what its timer is ahead, which counts in whole milliseconds.
    assert logged_s(said, "--run-time limit reached") - logged_s(said, "Ramping to") >= 1.99
    assert "Run time limit set to 2 seconds" in said
    assert "No run time limit" not in said


def test_a_latency_holds_the_time_that_the_service_took() -> None:
    with served("--lie", "messages-are-late") as url:
        code, samples, said = load(url, 1, math.ceil(LATE_S) + 3, "Chat", "--chat-rate", "3")
    # The contract wants it within two seconds.
    assert code == 1 or is_limited(code, said), said
    assert f"broken: {ledger(said)['late']} late" in said or is_limited(code, said), said
    assert ledger(said)["late"] > 0
    deliveries = samples["WSR", "message:broadcast"]
    assert LATE_S * 1000 < deliveries["min_response_time"] <= deliveries["max_response_time"] < LATE_S * 1000 + 2000


def test_who_says_how_long_a_delivery_may_take_is_believed() -> None:
    with served("--lie", "messages-are-late") as url:
        code, _, said = load(url, 1, math.ceil(LATE_S) + 3, "Chat", "--chat-rate", "3", "--late-after", "4.5")
    assert code == 0 or is_limited(code, said), said
    assert "late" not in ledger(said)


def test_a_refused_connection_is_a_failure() -> None:
    with served("--jwt-key", KEY) as url:
        code, samples, said = load(url, 2, 1)
    assert code == 4, said
    assert "the service refused every connection (" in said
    assert "--token, --jwt-key or --target" in said
    assert set(samples) <= {("WS", "connect"), ("WS", "reconnect")}
    assert all(entry["num_failures"] == entry["num_requests"] > 0 for entry in samples.values())
    assert "Failed('the service refused the connection')" in said


def test_a_post_that_creates_nothing_is_a_failure() -> None:
    with served("--lie", "created-is-ok") as url:
        code, samples, said = load(url, 1, 4, "Chat", "--chat-rate", "5")
    assert code == 1 or is_limited(code, said), said
    assert ledger(said)["refused"] == ledger(said)["published"]
    posts = samples["POST", "/api/messages/[sosId]"]
    assert posts["num_failures"] == posts["num_requests"] > 0
    assert "the call was refused with 200" in said
    assert "first refused: user " in said
    assert 'POST /api/messages/:sosId was answered 200: {"success":true' in said


def ledger(said: str) -> dict[str, int]:
    """The counts of the line in which a run tells its ledger."""
    line = next(line for line in said.splitlines() if line.startswith("ledger: "))
    found = (part.split(" ", 1) for part in line.removeprefix("ledger: ").split(", "))
    return {name: int(count) for count, name in found}


def test_the_ledger_of_an_honest_service_has_every_delivery_and_no_defect() -> None:
    with served() as url:
        code, samples, said = load(url, 9, 4, "--room-size", "2-5", "--load-seed", "7", "--chat-rate", "5")
    told = ledger(said)
    assert code == 0 or is_limited(code, said), said
    assert set(told) == {"connected", "published", "ok", "stored"}
    assert told["published"] == sum(samples[cause]["num_requests"] for cause in CAUSES)


def test_the_ledger_is_whole_over_several_processes() -> None:
    with served() as url:
        port = str(free_port())  # At the usual one workers of another run would come, too.
        words = ("Chat", "--room-size", "4", "--processes", "2", "--master-port", port, "--master-bind-port", port)
        code, samples, said = load(url, 8, 8, *words)
    told = ledger(said)
    assert code == 0 or is_limited(code, said), said
    assert told["published"] == samples["POST", "/api/messages/[sosId]"]["num_requests"] > 0
    assert set(told) == {"connected", "published", "ok", "stored"}
    # Each process has a room of its own, with half of the users, of whom all may be there from the first message on.
    assert 3 * told["published"] < told["ok"] <= 4 * told["published"]


LIES = {
    "delivered-twice": ("duplicate", 4),
    "last-member-is-forgotten": ("lost", 4),
    "one-room-for-all": ("leaked", 4),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_service_that_breaks_its_contract_under_load_fails_the_run(lie: str) -> None:
    defect, seconds = LIES[lie]
    with served("--lie", lie) as url:
        code, _, said = load(url, 4, seconds, "Chat", "--room-size", "2", "--chat-rate", "5")
    told = ledger(said)
    assert code == 1 or is_limited(code, said), said
    assert told[defect] > 0
    assert not {"lost", "duplicate", "leaked", "reordered"} - {defect} & set(told)
    if lie == "delivered-twice":
        assert told["duplicate"] >= told["ok"]


def told_in(url: str, rooms: int) -> list[list[tuple[str, float]]]:
    """What was posted into each room of a run called `same`: the text, and how long after the first."""
    found = []
    for index in range(rooms):
        with urllib.request.urlopen(f"{url}/api/messages/load-same-Chat-0-{index}", timeout=10) as answer:  # noqa: S310
            messages = json.loads(answer.read())["data"]
        times = [datetime.fromisoformat(one["createdAt"]).timestamp() for one in messages]
        found.append([(one["content"], at_s - times[0]) for one, at_s in zip(messages, times, strict=True)])
    return found


def test_a_seed_gives_the_same_rooms_members_and_schedule_again(tmp_path: Path) -> None:
    words = ("Chat", "--sockets-per-user", "3", "--room-size", "3-5", "--chat-rate", "4", "--run-id", "same")
    runs, lag_s = [], 0.0
    for seed in ("5", "5", "6"):
        with served() as url:
            journal = tmp_path / f"{len(runs)}.ndjson"
            code, _, said = load(url, 4, 5, *words, "--load-seed", seed, "--journal", str(journal))
            assert code == 0 or is_limited(code, said), said
            runs.append(told_in(url, 3))
        records = map(json.loads, journal.read_text().splitlines())
        lag_s = max(lag_s, *(one["most"] / 1000 for one in records if one.get("metric") == "schedule_lag"))
    first, again, other = runs
    for one, two in zip(first, again, strict=True):
        # Where a run is cut off is a matter of milliseconds. What was sent late, by its own word, came late.
        both = list(zip(one, two, strict=False))
        assert min(len(one), len(two)) > 5
        assert [a[0] for a, _ in both] == [b[0] for _, b in both]
        assert [a[1] for a, _ in both] == pytest.approx([b[1] for _, b in both], abs=0.1 + lag_s)
    assert [text for text, _ in first[0]] != [text for text, _ in other[0]]
