"""What a worker has counted is with the master once a phase is over, before anything else of the run ends."""

import json

from tests.forks import LOCUST, Fork
from tests.running import clean_environment, free_port

TOLD = """
import json
import gevent
from locust import runners
from locust.env import Environment
from loadtests.run.cluster import Cluster
from loadtests.run.state import LOCAL, RunState
from tests.accounting import account

# No report comes by itself: what the master has is what the phase has brought.
runners.WORKER_REPORT_INTERVAL = 1000
master, worker = (Environment(host="http://127.0.0.1:1") for _ in range(2))
made = master.create_master_runner("127.0.0.1", {port})
client = worker.create_worker_runner("127.0.0.1", {port})
state, here = RunState(master, {{}}), RunState(worker, {{}})


def drain():
    worker.stats.log_request("POST", "/late", 3, 5)
    worker.stats.log_error("POST", "/late", "why")
    here.accounts.snapshots[LOCAL] = account(counts=(("published", "Chat", "", 7),))


crew = Cluster(state, {{}}, lambda _: None, lambda *_: None)
Cluster(here, {{"drain": drain}}, lambda _: None, lambda *_: None)
before = len(master.stats.entries)
crew.phase("drain", 10)
entry = master.stats.get("/late", "POST")
print(json.dumps({{
    "before": before, "requests": entry.num_requests, "failures": entry.num_failures,
    "counts": state.accounts.counts(), "gone": sorted(state.accounts.gone),
}}))
"""


def test_the_last_report_of_a_worker_is_there_once_a_phase_is_over() -> None:
    program = TOLD.format(port=free_port())
    with Fork(["-c", program], of=LOCUST, env=clean_environment()) as run:
        out, said = run.communicate(30)
    assert run.wait() == 0, said
    assert json.loads(out) == {"before": 0, "requests": 1, "failures": 1, "counts": {"published": 7}, "gone": []}
