"""Load is fair: an honest service under stress is never accused, and what stress does to it is counted exactly.

Every case is played on the peer on Node's official server, the reference service and the service as built, alone and
beside two programs that keep every core busy.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from conformance.journal.records import read
from conformance.model.verdict import Outcome
from loadtests.ledger.counts import DEFECTS, FAILURES
from loadtests.verdict.clauses import GATE
from tests.forks import LOCUST, Fork
from tests.load.test_scenarios import ledger
from tests.load.test_truth import crooked, truth
from tests.running import BUILT_PEER, PEER, clean_environment, is_limited, lacking, served, settings, started

LONGEST_S = 60
"""How long a run goes on at the most: each ends when it has seen what it is made for."""

AS_LOCUST = """
import loadtests.worker.wire.http as http, loadtests.worker.wire.socket as socket
http.MOST_CONNECTIONS, socket.ANSWER_S = {connections}, {answer_s}
from locust.main import main
main()
"""
"""Locust with shorter deadlines: the same paths as those of ten seconds."""

Ran = tuple[int, dict[str, int], str]


def load(
    url: str, *words: str, seconds: int = LONGEST_S, call_s: float = 10, answer_s: float = 10, connections: int = 1000
) -> Ran:
    """A run: its exit code, its ledger, and what was said."""
    program = AS_LOCUST.format(answer_s=answer_s, connections=connections)
    command = ["-c", program, "-f", "loadtests/locustfile.py", "--headless"]
    with tempfile.TemporaryDirectory() as folder:
        path = settings(Path(folder), realtime_urls=[url], timeouts={"call_s": call_s})
        command += ["-t", f"{seconds}s", "--target", "it", "--settings", str(path), "--only-summary", *words]
        with Fork(command, of=LOCUST, env=clean_environment()) as run:
            _, said = run.communicate(2 * LONGEST_S)
    assert "ledger: " in said, said
    return run.wait(), ledger(said), said


@contextlib.contextmanager
def service(kind: str) -> Iterator[tuple[int, str]]:
    """One of the three services; its process and its URL."""
    commands = {
        "node": ("node", str(PEER / "server.js"), "--port", "0"),
        "built": ("node", str(BUILT_PEER / "server.js"), "--port", "0", "--api"),
        "reference": (sys.executable, "-m", "cli", "serve", "--port", "0"),
    }
    if kind != "reference" and (shutil.which("node") is None or not (PEER / "node_modules").is_dir()):
        lacking("the Node peer")
    with started(*commands[kind]) as (program, line):
        yield program.pid, re.search(r"http://[\d.:]+", line)[0]


@contextlib.contextmanager
def gateway(url: str, *laws: str) -> Iterator[str]:
    with started(sys.executable, "-m", "tests.peers.gateway", "--to", url, *laws) as (_, line):
        yield line.split()[2]


def contracts(kind: str) -> tuple[str, ...]:
    return ("--contracts", "sos-built") if kind == "built" else ()


def faults(told: dict[str, int]) -> set[str]:
    """The defects that were counted, but for what came late."""
    return (set(told) & set(DEFECTS)) - {"late"}


USUAL = ("-u", "4", "-r", "4", "--sockets-per-user", "5", "--room-size", "5")


def until(fact: str) -> tuple[str, ...]:
    """A run that ends when something was counted often enough: a slow machine takes longer, and sees the same."""
    return ("--gate", f"{fact}; abort")


def is_only_the_gate(code: int, said: str, fact: str) -> bool:
    """Whether nothing is held against the service: the run was ended by its gate, and that is all."""
    summary = re.search(r"^broken: (.*)$", said, re.MULTILINE)
    alone = summary is not None and re.fullmatch(rf"{re.escape(fact)}: broken \(\d+\)", summary[1]) is not None
    return (code == 1 and alone) or is_limited(code, said)


def strange_answers(kind: str, tmp_path: Path) -> None:
    """Answers in parts, late ones, refusals with a reason, connections that are closed as the next request comes."""
    laws = ("--refuse-every", "10", "--in-parts", "--close-at", "5", "--late-every", "7", "--late-s", "4")
    with service(kind) as (_, behind), gateway(behind, *laws) as url:
        words = ("Chat", *USUAL, "--chat-rate", "8", *until("refused<6"), *contracts(kind))
        code, told, said = load(url, *words, call_s=3)
        did = truth(url)
    assert not faults(told), said
    assert "late" not in told, said
    # Each connection that was closed under a message had it sent again, on another.
    assert told["resent"] == did["closed_posts"] > 0, said
    assert told["refused"] == did["refused"] > 0, said
    assert told["unanswered"] == did["late"] > 0, said
    # What was left unanswered was created all the same, and is neither stored nor missing.
    assert told["stored"] == did["posts"] - did["refused"] - did["late"], said
    assert told["published"] == did["posts"] + did["closed_posts"], said
    assert code == 1 or is_limited(code, said), said
    assert "POST /api/messages/:sosId was answered 429: {" in said
    assert "one in so many is refused here" in said


def a_stall(kind: str, tmp_path: Path, *, for_s: float = 4, lost_s: float = 1, deadline_s: float = 2) -> None:
    """Nothing at all for longer than a call, a request or a delivery may take; then everything at once."""
    with service(kind) as (pid, behind), gateway(behind) as url:
        words = ("Chat", "Locations", *USUAL, "--chat-rate", "8", "--lost-after", str(lost_s), *until("late<10"))
        with stalling(pid, url, for_s=for_s):
            code, told, said = load(url, *words, *contracts(kind), call_s=deadline_s, answer_s=deadline_s)
    assert not faults(told), said
    # Calls were left unanswered, and what was emitted came later than its contract allows.
    assert told.get("unanswered", 0) > 0, said
    # What a generator that was held up itself cannot tell from its own delay, it does not count as late.
    assert is_limited(code, said) or (code == 1 and told.get("late", 0) >= 10), said


@contextlib.contextmanager
def beside(act: Callable[[], None], over: threading.Event) -> Iterator[None]:
    """Something goes on in a thread meanwhile; it ends soon once `over` is set."""
    thread = threading.Thread(target=act)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextlib.contextmanager
def stalling(pid: int, url: str, *, for_s: float) -> Iterator[None]:
    """The process does nothing for so long, once it has taken some messages."""
    over = threading.Event()

    def stall() -> None:
        while truth(url)["posts"] < 10 and not over.wait(0.1):
            pass
        os.kill(pid, signal.SIGSTOP)
        over.wait(for_s)
        os.kill(pid, signal.SIGCONT)

    with beside(stall, over):
        yield


@contextlib.contextmanager
def slowed(pid: int, *, runs_s: float, rests_s: float) -> Iterator[None]:
    """The process has only so much of its time."""
    over = threading.Event()

    def slow() -> None:
        while not over.wait(runs_s):
            os.kill(pid, signal.SIGSTOP)
            over.wait(rests_s)
            os.kill(pid, signal.SIGCONT)

    with beside(slow, over):
        yield


def overload(kind: str, tmp_path: Path) -> None:
    """Several times what the service can do: what the generator could not send limits it, and nobody is accused."""
    with service(kind) as (pid, url), slowed(pid, runs_s=0.01, rests_s=0.1):
        words = ("Chat", *USUAL, "--chat-rate", "200", "--lost-after", "1", *until("unsent<200"), *contracts(kind))
        code, told, said = load(url, *words, call_s=2, answer_s=3, connections=40)
    assert not faults(told), said
    assert told["unsent"] >= 200, said
    assert is_limited(code, said), said


def throttled_and_returning(kind: str, tmp_path: Path) -> None:
    """Locations more often than the contract has them taken, and users who leave and come back."""
    journal, fact = tmp_path / f"{kind}-Churn.ndjson", "published<100"
    with service(kind) as (_, url):
        words = ("Churn", "Locations", *USUAL, "--churn-stay", "1", "--churn-away", "0.3", "--location-every", "0.6")
        code, told, said = load(url, *words, *until(fact), "--journal", str(journal), *contracts(kind))
    assert not set(told) & {*DEFECTS, *FAILURES}, said
    assert is_only_the_gate(code, said, fact), said
    assert not accused(journal)
    if kind == "built":
        assert told["excused"] > 20, said


def returning_at_once(kind: str, tmp_path: Path) -> None:
    """Half of all users lose their connection at the same time, and come back."""
    journal, fact = tmp_path / f"{kind}-Reconnect.ndjson", "rejoined<10"
    with service(kind) as (_, url):
        words = ("Reconnect", *USUAL, "--drop-after", "3", *until(fact), "--journal", str(journal))
        code, told, said = load(url, *words, *contracts(kind))
    assert not set(told) & {*DEFECTS, *FAILURES}, said
    assert is_only_the_gate(code, said, fact), said
    assert not accused(journal)


def accused(journal: Path) -> list[str]:
    """What the rules of a check hold against the service in the sample of a run."""
    return [one.message for one in read(journal).verdicts if one.outcome is Outcome.FAIL and one.rule != GATE]


CASES = (strange_answers, a_stall, overload, throttled_and_returning, returning_at_once)
"""What is played at once: each waits more than it does."""


@contextlib.contextmanager
def busy() -> Iterator[None]:
    """Two programs that want every core for themselves."""
    with contextlib.ExitStack() as programs:
        loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]
        programs.callback(lambda: [(loop.kill(), loop.wait()) for loop in loops])
        yield


@pytest.mark.alone
@pytest.mark.peer
@pytest.mark.parametrize(
    ("kinds", "beside"),
    [
        pytest.param(("node",), "idle", id="node-idle"),
        # Ten loads at once keep two cores busy by themselves.
        pytest.param(("reference", "built"), "idle", id="reference-and-built-idle"),
        pytest.param(("node",), "busy", id="node-busy", marks=pytest.mark.long),
        pytest.param(("reference", "built"), "busy", id="reference-and-built-busy", marks=pytest.mark.long),
    ],
)
def test_an_honest_service_under_stress_is_never_accused(kinds: tuple[str, ...], beside: str, tmp_path: Path) -> None:
    played = [(case, kind) for kind in kinds for case in CASES]
    with busy() if beside == "busy" else contextlib.nullcontext(), ThreadPoolExecutor(len(played)) as pool:
        runs = [pool.submit(case, kind, tmp_path) for case, kind in played]
        failed = [error for error in (run.exception() for run in runs) if error is not None]
    if failed:
        raise failed[0]


@pytest.mark.peer
def test_a_service_that_stalls_twelve_seconds_has_lost_nothing(tmp_path: Path) -> None:
    a_stall("node", tmp_path, for_s=12, lost_s=5, deadline_s=10)


WITH_LAWS = ("-u", "4", "-r", "4", "--sockets-per-user", "5", "--room-size", "5", "--location-every", "0.6")


def test_what_a_service_may_drop_is_excused_exactly() -> None:
    with crooked("--throttle-s", "1") as url:
        code, told, said = load(url, "Locations", *WITH_LAWS, *until("excused<20"))
        did = truth(url)
    assert is_only_the_gate(code, said, "excused<20"), said
    assert told["excused"] == 5 * did["throttled"] > 0, said
    assert told["ok"] == 5 * (told["published"] - did["throttled"]), said


def test_what_a_service_must_not_drop_is_lost_exactly() -> None:
    with crooked("--throttle-s", "3") as url:
        code, told, said = load(
            url, "Locations", *WITH_LAWS, "--location-every", "1.5", "--lost-after", "1", *until("lost<5")
        )
        did = truth(url)
    assert code == 1 or is_limited(code, said), said
    # A generator that is late, which it says, publishes closer together: what comes too soon may be dropped.
    excused = told.get("excused", 0)
    assert told["lost"] + excused == 5 * did["throttled"] > 0, said
    assert told["lost"] > 0, said
    assert not excused or "generator: it " in said, said
    assert "did not get location:broadcast (publication " in said


def test_an_error_in_answer_to_a_publication_is_a_refusal_with_what_it_says() -> None:
    with crooked("--complain-every", "4") as url:
        code, told, said = load(url, "Locations", *WITH_LAWS, "--location-every", "1.5", *until("refused<3"))
        did = truth(url)
    assert code == 1 or is_limited(code, said), said
    assert told["refused"] == did["complained"] > 0, said
    assert not set(told) & set(DEFECTS), said
    who = r"first refused: user \S+ in load-\S+, location:broadcast \(publication \d+ of user \S+\)"
    what = "the service answered {'code': 'LOCATION_UPDATE_ERROR', 'message': 'not here'}"
    assert re.search(f"{who}: {what}", said), said


UNKNOWN = [("message:seen", "undocumented"), ("message:new", "contract_failed")]


@pytest.mark.parametrize(("event", "count"), UNKNOWN)
def test_an_event_that_no_contract_has_is_a_warning_and_a_retired_one_a_defect(event: str, count: str) -> None:
    fact = f"{count}<10"
    with crooked("--also", event) as url:
        code, told, said = load(url, "Chat", *USUAL, "--chat-rate", "2", *until(fact))
        did = truth(url)
    assert told[count] == did["also"] > 0, said
    assert not set(told) & (set(DEFECTS) - {count}), said
    assert f"first {count}: user " in said
    assert event in said
    assert code == 1 if count in DEFECTS else is_only_the_gate(code, said, fact), said


def test_the_offset_of_state_recovery_is_no_argument() -> None:
    with crooked("--recovery") as url:
        code, told, said = load(url, "Chat", "Locations", *USUAL, "--chat-rate", "2", *until("published<40"))
    assert is_only_the_gate(code, said, "published<40"), said
    assert not set(told) & set(DEFECTS), said
    with crooked("--recovery", "--no-pid") as url:
        code, told, said = load(url, "Chat", *USUAL, "--chat-rate", "2", *until("contract_failed<5"))
    assert code == 1 or is_limited(code, said), said
    assert told["contract_failed"] > 0
    assert "expected one payload, got 2" in said


def test_typing_under_the_name_of_the_bundle_in_use_is_not_lost() -> None:
    words = ("Incident", *USUAL, "--incident-length", "4", "--incident-rate", "4", "--contracts", "sos-built")
    with served("--contracts", "sos-built") as url:
        code, told, said = load(url, *words, *until("published<60"))
    assert "WSR      message:typing:broadcast" in said
    assert is_only_the_gate(code, said, "published<60"), said
    assert not set(told) & {*DEFECTS, *FAILURES}, said
