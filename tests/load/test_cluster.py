"""What a worker has counted is with the master once a phase is over, and when a master waits for its workers."""

import json
from typing import Any

import pytest

from tests.forks import LOCUST, Fork
from tests.running import HANG_S, clean_environment, free_port

LOCUST_WAITS_BEATS = 3

TOLD = """
import json
import gevent
from locust import runners
from locust.env import Environment
from locust.rpc import Message
from loadtests.run.cluster import Cluster
from loadtests.run.state import LOCAL, RunState
from tests.accounting import account

# No report comes by itself: what the master has is what the phase has brought.
runners.WORKER_REPORT_INTERVAL = 1000
master, worker = (Environment(host="http://127.0.0.1:1") for _ in range(2))
made = master.create_master_runner("127.0.0.1", {port})
state = RunState(master, {{}})


def drain():
    worker.stats.log_request("POST", "/late", 3, 5)
    worker.stats.log_error("POST", "/late", "why")
    here.accounts.snapshots[LOCAL] = account(counts=(("published", "Chat", "", 7),))


crew = Cluster(state, {{}}, lambda _: None, lambda *_: None)
runners.WorkerRunner.heartbeat = lambda _: None  # None but the one below.
client = worker.create_worker_runner("127.0.0.1", {port})
here = RunState(worker, {{}})
there = Cluster(here, {{"drain": drain}}, lambda _: None, lambda *_: None)
crew.begin()
waiting = gevent.spawn(crew.wait_until_begun)
gevent.sleep(0)
waited = not waiting.ready()
there.begun()
waiting.join(5)
connected = [one.heartbeat for one in made.clients.all]
beat = {{"state": "ready", "current_cpu_usage": 0, "current_memory_usage": 0}}
client.client.send(Message("heartbeat", beat, client.client_id))
before = len(master.stats.entries)
crew.phase("drain", 10)
entry = master.stats.get("/late", "POST")
print(json.dumps({{
    "before": before, "requests": entry.num_requests, "failures": entry.num_failures,
    "waited": waited, "begun": waiting.ready(),
    "patience": [*connected, *(one.heartbeat for one in made.clients.all)],
    "counts": state.accounts.counts(), "gone": sorted(state.accounts.gone),
}}))
"""


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    program = TOLD.format(port=free_port())
    with Fork(["-c", program], of=LOCUST, env=clean_environment()) as run:
        out, said = run.communicate(HANG_S)
    assert run.wait() == 0, said
    found: dict[str, Any] = json.loads(out)
    return found


def test_the_last_report_of_a_worker_is_there_once_a_phase_is_over(told: dict[str, Any]) -> None:
    kept = {name: told[name] for name in ("before", "requests", "failures", "counts", "gone")}
    assert kept == {"before": 0, "requests": 1, "failures": 1, "counts": {"published": 7}, "gone": []}


def test_the_time_of_a_run_begins_once_its_workers_have_begun(told: dict[str, Any]) -> None:
    assert told["waited"]
    assert told["begun"]


def test_a_worker_that_waits_for_a_processor_is_not_taken_for_gone(told: dict[str, Any]) -> None:
    """Locust would take it for gone after three seconds without a word."""
    at_first, after_a_heartbeat = told["patience"]
    assert at_first > LOCUST_WAITS_BEATS
    assert after_a_heartbeat > LOCUST_WAITS_BEATS
