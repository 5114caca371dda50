"""Whatever a run of the load waits for has a deadline, and an interrupted one waits for nothing long."""

import asyncio
import gc
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from contracts.load import load as bundle_of
from loadtests.dialects.dialect import Dialect
from loadtests.ledger.counts import DEFECTS, FAILURES
from loadtests.worker import waits
from loadtests.worker.client import VirtualClient
from loadtests.worker.config import WorkerConfig
from loadtests.worker.wire.address import Address
from loadtests.worker.wire.http import Stale
from loadtests.worker.worker import LOOK_S, SETTLE_S, Worker
from tests.forks import Fork
from tests.hostile.moments import Moment, faults_of, says, signalled
from tests.load.test_truth import crooked
from tests.running import HANG_S, ROOT, clean_environment, is_limited

URL = "http://127.0.0.1:9"
DEADLINE_S = 10


def run(test: Callable[[Worker], Awaitable[None]]) -> None:
    """Play a test in the loop of a context that has no connection."""

    async def play() -> None:
        bundle = bundle_of("sos")
        setup = WorkerConfig(addresses=(Address(url=URL),), api_urls=(URL,), words=Dialect.of(bundle), run="r")
        context = Worker(setup)
        context.start()
        async with asyncio.timeout(DEADLINE_S):
            await test(context)
            await context.close()

    asyncio.run(play())


def counts(context: Worker) -> dict[str, int]:
    return {name: count for (name, *_), count in context.ledger.counts.items() if count}


def test_what_is_given_up_leaves_no_error_that_nobody_asks_for() -> None:
    told: list[dict[str, Any]] = []

    async def never() -> None:
        await asyncio.Event().wait()

    async def play() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, said: told.append(said))
        assert not await waits.Waits().bounded(asyncio.gather(never(), never()), 0.01)

    asyncio.run(play())
    gc.collect()
    assert told == []


class Answers:
    """In place of HTTP: asks for the body, then does what it is told to."""

    def __init__(self, *does: Any) -> None:
        self._does = list(does)

    async def call(self, method: str, path: str, body: Callable[[], bytes | None], headers: str) -> tuple[int, bytes]:
        for done in self._does:
            body()
            if isinstance(done, Stale):
                continue  # The body is asked for once more.
            if isinstance(done, BaseException):
                raise done
            return done  # type: ignore[no-any-return]
        raise AssertionError("nothing more was to be done")

    def close(self) -> None:
        pass


ANSWER = b'{"success": true, "data": {"id": "m1"}}'


def posting(context: Worker, answers: Answers) -> VirtualClient:
    context.http = [answers]  # type: ignore[list-item]
    member = VirtualClient(context, "Chat", 1)
    context.spawn(member.post(context.ledger.room("room", "Chat"), time.monotonic_ns()))
    return member


def test_a_call_that_fails_in_whatever_way_is_waited_for_no_longer() -> None:
    async def test(context: Worker) -> None:
        member = posting(context, Answers(RuntimeError("a fault of ours")))
        await context.waits.next()
        await context.quiesce()
        assert await context.drain()
        assert counts(context) == {"published": 1, "unanswered": 1, "own_error": 1}
        assert not member.under_way

    run(test)


def test_each_attempt_to_send_a_message_is_a_publication_and_those_before_the_last_are_owed_to_nobody() -> None:
    async def test(context: Worker) -> None:
        context.ledger.enter(context.ledger.room("room", "Chat"), 7, 0)
        posting(context, Answers(Stale("closed"), (201, ANSWER)))
        await context.waits.next()
        await context.quiesce()
        assert counts(context) | {"contract_failed": 0} == {"published": 2, "resent": 1, "contract_failed": 0}
        assert context.ledger.pending().total() == 1
        assert context.posts.untaken == {(4, 0)}

    run(test)


def test_nothing_is_sent_once_the_run_is_over() -> None:
    async def test(context: Worker) -> None:
        await context.quiesce()
        member = posting(context, Answers((201, ANSWER)))
        await context.waits.next()
        assert counts(context) == {}
        assert not member.under_way

    run(test)


def test_an_interrupted_run_waits_for_no_answer() -> None:
    async def test(context: Worker) -> None:
        room = context.ledger.room("room", "Chat")
        context.ledger.enter(room, 7, 0)
        member = VirtualClient(context, "Chat", 1)
        member.publish(room, context.words.writing, time.monotonic_ns(), answered=True)
        began_s = time.monotonic()
        context.hurry()
        await context.quiesce()
        assert not await context.drain()
        assert time.monotonic() - began_s < waits.HURRY_S + 2 * waits.TICK_S
        assert context.ledger.pending().total() == 1
        assert not {*DEFECTS, *FAILURES, "unknown"} & counts(context).keys()

    run(test)


def test_what_is_waited_for_has_a_deadline_even_where_the_loop_keeps_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waits, "TICK_S", 0.01)

    async def test() -> None:
        waiting = waits.Waits()
        work = asyncio.get_running_loop().create_future()
        assert not await waiting.bounded(work, 0.05)
        assert work.cancelled()

    asyncio.run(test())


def test_the_books_are_closed_as_often_as_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(context: Worker) -> None:
        settled, looked = [], []
        monkeypatch.setattr(context, "_settle", lambda: settled.append(1))
        monkeypatch.setattr(context, "_look", looked.append)
        await context.alarm.after(2.1)
        assert 1 < len(settled) <= 2.1 / SETTLE_S + 1
        assert 1 < len(looked) <= 2.1 / LOOK_S + 1

    run(test)


def test_a_run_that_is_interrupted_while_calls_are_slow_ends_soon_and_accuses_nobody() -> None:
    with crooked("--answer-ms", "8000") as url, alone(url, "-t", "60s", "--chat-rate", "10") as program:
        assert program.stderr is not None
        next(line for line in program.stderr if re.search(r", [1-9]\d*/s", line))
        began_s = time.monotonic()
        program.send_signal(signal.SIGTERM)
        out, said = program.communicate(timeout=HANG_S)
        took_s = time.monotonic() - began_s
    assert program.returncode == 130, out + said
    assert took_s < 5, "no call is waited for"
    told = dict(re.findall(r"^ (\w+) +(\d+) *$", out, re.MULTILINE))
    assert not {*DEFECTS, *FAILURES} & told.keys(), out
    assert int(told["published"]) > 0
    assert not os.path.exists(f"/proc/{program.pid}")


COMMAND = ("cli", "load", "--scenario", "Chat")


def alone(*words: str) -> subprocess.Popen[str]:
    """A load whose Locust is its own child: a signal, or its end, reaches it as it does a user's."""
    command = [sys.executable, "-m", *COMMAND, *words]
    return subprocess.Popen(
        command, cwd=ROOT, env=clean_environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_two_runs_of_several_processes_do_not_meet() -> None:
    """The workers of a run find its own master, and none of another run."""
    runs = [Fork((*COMMAND, "-t", "6s", "--processes", "2"), env=clean_environment()) for _ in range(2)]
    said = [run.communicate(timeout=HANG_S) for run in runs]
    for run, (out, err) in zip(runs, said, strict=True):
        limited = is_limited(run.returncode, out)
        assert run.returncode == 0 or limited, out + err
        assert limited or re.search(r"^ connected +100 *$", out, re.MULTILINE), out
        assert "unrecognized worker" not in err
    met = [re.findall(r"(\S+) \(index \d\) reported as ready", err) for _, err in said]
    assert [len(workers) for workers in met] == [2, 2]
    assert len({*met[0], *met[1]}) == 4


def test_a_master_that_cannot_begin_leaves_no_worker_behind() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ports = ("--master-port", port, "--master-bind-port", port)
        run = Fork((*COMMAND, "-t", "60s", "--processes", "2", *ports), env=clean_environment())
        # Until every worker is gone the output stays open.
        out, err = run.communicate(timeout=HANG_S)
    assert run.returncode == 2, out + err
    assert "roomcheck: --master-port, --master-bind-port: Socket bind failure: Address already in use" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(("processes", "begun"), [("0", "Ramping to"), ("2", "Sending spawn jobs")])
def test_a_run_that_is_interrupted_while_it_connects_ends_soon(processes: str, begun: str, tmp_path: Path) -> None:
    journal = tmp_path / "run.ndjson"
    moment = Moment(what="the sockets connect", come=says(begun), words=("--processes", processes))
    with socket.socket() as silent:  # Connections are taken, and nothing is ever answered.
        silent.bind(("127.0.0.1", 0))
        silent.listen(1000)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        ended = signalled(moment, signal.SIGINT, url, "-u", "10", "--journal", str(journal))
    assert faults_of(moment, ended) == [], ended
    assert not {*DEFECTS, *FAILURES} & set(re.findall(r"^ (\w+) +\d", ended.out, re.MULTILINE)), ended.out
    if processes == "0":  # A master opens the journal only when its workers have their jobs.
        assert json.loads(journal.read_text().splitlines()[-1])["exit_code"] == 130


def test_what_a_killed_load_has_started_ends_with_it() -> None:
    with alone("-t", "60s") as program:
        assert program.stderr is not None
        next(line for line in program.stderr if "Ramping to" in line)
        children = Path(f"/proc/{program.pid}/task/{program.pid}/children").read_text().split()
        handles = [os.pidfd_open(int(child)) for child in children]
        program.kill()
        assert len(handles) == 2, "Locust and the embedded service"
        for handle in handles:
            assert select.select([handle], [], [], HANG_S)[0], "it ends"
            os.close(handle)
