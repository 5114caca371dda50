"""Every scenario on every kind of contracts is played with an exact ledger, or says before why it cannot be."""

import contextlib
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from contracts.load import load as bundle_of
from loadtests.dialects.selection import words_of
from loadtests.scenarios import scenarios
from loadtests.worker.client import VirtualClient
from loadtests.workload.options import COMMON
from tests.cases.checking import expected
from tests.load.in_process import Load, play
from tests.load.test_any_contracts import SERVICES, serving
from tests.running import ROOT, started

PLAYED = {name: kind for name, kind in scenarios().items() if name != "Incident"}
OWN = ("sos", "sos-built", "example")
SERVED = ("chat", "game", "dashboard")
SOCKETS = 10
PLAYED_S = 1.5
LOCATIONS_S = 4.0
"""A socket reports every 1.25 s, from a time on that is drawn."""

QUICK: dict[str, Any] = {
    "start_after": 0.1, "room_size": "5", "chat_rate": 10.0, "churn_rate": 5.0, "churn_stay": 0.5, "churn_away": 0.2,
    "drop_after": 0.5, "reconnect_rate": 5.0, "storm_rate": 5.0, "slow_rate": 5.0, "knee_from": 5.0, "knee_every": 0.5,
    "mix": "Chat=1,Locations=1,Churn=1",
}  # fmt: skip

EXACT = {"connected", "published", "ok", "stored", "excused", "skipped", "dropped", "rejoined", "missed", "slow"}
"""What an honest service may be counted to have: nothing else."""

SAMPLE = {
    ("sos-built", "Churn"),
    ("example", "Mixed"),
    ("chat", "Reconnect"),
    ("game", "Locations"),
    ("dashboard", "Knee"),
}
"""Of the combinations, in `make test`; the others are in `make test-long`."""


def options() -> dict[str, Any]:
    given = {option.key: option.default for kind in scenarios().values() for option in kind.options}
    return {option.key: option.default for option in COMMON} | given | QUICK


@contextlib.contextmanager
def keeping(bundle: str) -> Iterator[str]:
    """The embedded service that keeps some contracts, as `roomcheck load` starts it; its address."""
    words = (sys.executable, "-m", "cli", "serve", "--port", "0", "--contracts", bundle)
    with started(*words) as (process, line):
        lines = [line]
        while not lines[-1].startswith("serving on "):
            assert process.stdout is not None
            lines.append(process.stdout.readline())
        yield lines[-1].split()[2].rstrip(",")


@pytest.fixture(scope="module")
def addresses() -> Iterator[dict[str, str]]:
    """The services that were started, by their contracts; each is started once."""

    found: dict[str, str] = {}
    with contextlib.ExitStack() as stack:

        class Started(dict[str, str]):
            def __missing__(self, name: str) -> str:
                one = keeping(name) if name in OWN else serving(SERVICES / name / "service.py")
                self[name] = stack.enter_context(one)
                return self[name]

        found = Started()
        yield found


COMBINATIONS = [
    pytest.param(bundle, name, marks=[] if (bundle, name) in SAMPLE else [pytest.mark.long])
    for bundle in (*OWN, *SERVED)
    for name in PLAYED
]


@pytest.mark.parametrize(("bundle", "name"), COMBINATIONS)
def test_a_scenario_is_played_with_an_exact_ledger(bundle: str, name: str, addresses: dict[str, str]) -> None:
    is_own = bundle in OWN
    contracts = bundle_of(bundle if is_own else str(SERVICES / bundle / "contracts"))
    auth = None if is_own else expected(SERVICES / bundle).get("target", {}).get("auth")
    kind = PLAYED[name]
    lack = kind.lacks(words_of(contracts, has_users=auth is not None))
    if lack:
        assert lack.startswith(("it ", "the contracts "))
        return

    async def test(load: Load) -> None:
        scenario = kind(name, load.worker, options())
        members = [VirtualClient(load.worker, name, number) for number in range(1, SOCKETS + 1)]
        await scenario.cohort(members)
        await load.worker.alarm.after(LOCATIONS_S if name == "Locations" else PLAYED_S)

    counts = play(addresses[bundle], contracts, test, auth=auth)
    assert set(counts) <= EXACT, counts
    assert counts["ok"] > 0, counts
    assert counts["ok"] + counts.get("excused", 0) >= counts["published"], counts


def test_what_nothing_tells_apart_is_counted_and_not_accounted_for() -> None:
    folder = str(ROOT / "tests" / "load" / "doorbell" / "contracts")

    async def test(load: Load) -> None:
        scenario = PLAYED["Chat"]("Chat", load.worker, options())
        await scenario.cohort([VirtualClient(load.worker, "Chat", number) for number in range(1, 4)])
        await load.worker.alarm.after(0.5)

    with keeping(folder) as url:
        counts = play(url, bundle_of(folder), test)
    assert set(counts) <= {"connected", "unmarked", "unaccounted", "skipped"}
    assert counts["connected"] == 3
    assert counts["unaccounted"] == 3 * counts["unmarked"] > 0
