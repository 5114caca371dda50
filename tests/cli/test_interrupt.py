"""A signal ends a command within a second, whatever it is doing; what was over is judged, the rest is not."""

import asyncio
import json
import random
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from aiohttp import web

from conformance.journal import records
from conformance.journal.records import Journal
from conformance.judge.reasons import INTERRUPTED
from conformance.stage.clients.recorder import Clock, Recorder
from conformance.stage.clients.socket import GOODBYE_S, Socket
from conformance.support.interrupt import SIGNALS, Interruption
from conformance.target.target import target
from tests.interrupting import Ended, Hit, Job, interrupted
from tests.peers.engines import HANDSHAKE, engine, opening
from tests.running import KEY, roomcheck, served

SMALL = ("--select", "order-is-kept", "--select", "request-has-its-effect")
"""A check of six acts."""

MOST_S = 1.0
"""From the signal to the exit, without the time in which other programs had the processor."""

PHASES = {
    "the settings are read": "conformance.commands.check:aim",
    "rules are loaded": "conformance.judge.rule:rules",
    "the header is written": "conformance.engine.check:header",
    "the service is reached": "conformance.engine.check:awaited",
    "a token is made": "conformance.engine.check:Minter.mint",
    "observers are started": "conformance.engine.check:observatory",
    "an act is begun": "conformance.stage.rounds:perform",
    "a socket connects": "conformance.stage.perform:Socket.open",
    "an event is emitted": "conformance.stage.perform:Socket.emit",
    "a transcript is written": "conformance.engine.check:Played",
    "follow-up acts are chosen": "conformance.engine.check:_probes",
    "the service is judged": "conformance.judge.judge:_judged",
    "known failures are looked up": "conformance.engine.check:excused",
    "verdicts are written": "conformance.engine.check:summary",
    "a report is rendered": "reports.output.destinations:renderer",
    "a report is written": "reports.output.destinations:write",
    "the verdict is shown": "reports.terminal:show",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("interrupted")


@pytest.fixture(scope="module")
def ends(folder: Path) -> dict[str, Ended]:
    """What becomes of a check that is interrupted in a phase, in all of them."""
    jobs = {
        phase: Job(words=check_into(folder / phase), hits=(Hit(where=where, sent=SIGNALS[number % len(SIGNALS)]),))
        for number, (phase, where) in enumerate(PHASES.items())
    }
    return dict(zip(jobs, interrupted(list(jobs.values())), strict=True))


def check_into(path: Path, *words: str) -> tuple[str, ...]:
    reports = [f"{form}={path}.{form}" for form in ("json", "html", "junit")]
    options = [word for report in reports for word in ("--report", report)]
    return ("check", *(words or SMALL), "--journal", f"{path}.ndjson", *options)


def ended(made: Ended, path: Path) -> Journal:
    """A check that was interrupted, quickly and without a word too many; its journal."""
    assert made.code == 130, made
    assert made.took_s - made.waited_s < MOST_S
    assert "Traceback" not in made.out + made.err
    kept = records.read(Path(f"{path}.ndjson"))
    assert kept.footer is not None
    assert not kept.footer.summary["fail"] + kept.footer.summary["warning"] + kept.footer.summary["error"]
    document = json.loads(Path(f"{path}.json").read_text())
    assert not [verdict for verdict in document["verdicts"] if verdict["outcome"] in ("fail", "warning", "error")]
    return kept


@pytest.mark.parametrize("phase", PHASES)
def test_a_check_is_interrupted_while(phase: str, ends: dict[str, Ended], folder: Path) -> None:
    kept = ended(ends[phase], folder / phase)
    assert kept.footer is not None
    if kept.footer.exit_code == 130:
        assert any("interrupted" in note for note in kept.notes)
    else:  # It was over, but for its reports.
        assert phase in ("verdicts are written", "a report is rendered", "a report is written", "the verdict is shown")
    assert "<html" in Path(f"{folder / phase}.html").read_text()
    assert "roomcheck: interrupted" in ends[phase].err


def test_what_was_not_seen_is_not_exercised_and_never_missing(ends: dict[str, Ended], folder: Path) -> None:
    kept = ended(ends["an event is emitted"], folder / "an event is emitted")
    assert not kept.transcripts
    assert not kept.verdicts
    assert {one.reason for one in kept.not_exercised} == {INTERRUPTED}
    assert {one.rule for one in kept.not_exercised} == {"order-is-kept", "request-has-its-effect"}


def test_all_is_judged_where_every_act_was_over(ends: dict[str, Ended], folder: Path) -> None:
    kept = ended(ends["the service is judged"], folder / "the service is judged")
    whole = ended(ends["the verdict is shown"], folder / "the verdict is shown")
    assert [one.act for one in kept.transcripts] == [one.act for one in whole.transcripts] != []
    assert kept.footer is not None
    assert kept.footer.exit_code == 130
    # What a busy machine leaves open is judged, too.
    assert sum(kept.footer.summary[outcome] for outcome in ("pass", "inconclusive")) > 10
    assert not [one for one in kept.not_exercised if one.reason == INTERRUPTED]


def test_computing_without_end_is_broken_off(folder: Path) -> None:
    jobs = {
        name: Job(words=check_into(folder / name), hits=(Hit(where=where, call=call, spins=True),))
        for name, where, call in (
            ("reading", "conformance.judge.judge:read", 1),
            ("judging", "conformance.judge.judge:_judged", 2),
        )
    }
    ends = dict(zip(jobs, interrupted(list(jobs.values())), strict=True))
    # The first readings are made to choose follow-up acts: what was over by then is judged, were it not for the spin.
    assert not ended(ends["reading"], folder / "reading").verdicts
    kept = ended(ends["judging"], folder / "judging")
    assert {one.reason for one in kept.not_exercised} == {INTERRUPTED}


def test_a_second_signal_changes_nothing(folder: Path) -> None:
    twice = [
        ("conformance.stage.rounds:perform", "conformance.engine.check:summary"),
        ("conformance.stage.rounds:perform", "reports.output.destinations:write"),
        ("conformance.judge.judge:_judged", "reports.terminal:show"),
        ("conformance.commands.check:aim", "conformance.commands.check:Footer"),
    ]
    jobs = [
        Job(
            words=check_into(folder / f"twice{number}"),
            hits=(Hit(where=first, sent=signal.SIGINT), Hit(where=second, sent=sent)),
        )
        for number, (first, second) in enumerate(twice)
        for sent in (signal.SIGINT, signal.SIGTERM)
    ]
    for number, made in enumerate(interrupted(jobs)):
        kept = ended(made, folder / f"twice{number // 2}")
        assert kept.footer is not None
        assert kept.footer.exit_code == 130


def test_a_service_that_is_waited_for_is_waited_for_no_more(folder: Path) -> None:
    """A dead port, and one that takes connections and never answers."""
    with socket.socket() as dead, socket.socket() as mute:
        dead.bind(("127.0.0.1", 0))
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        jobs = {}
        for name, sock, hit in (
            ("dead", dead, Hit(where="conformance.stage.clients.reach:shake", call=3)),
            ("mute", mute, Hit(where="conformance.stage.clients.handshake:_over_websocket")),
        ):
            url = f"http://127.0.0.1:{sock.getsockname()[1]}"
            jobs[name] = Job(words=check_into(folder / name, url, "--wait-for", "60"), hits=(hit,))
        for name, made in zip(jobs, interrupted(list(jobs.values())), strict=True):
            kept = ended(made, folder / name)
            assert "before any act was played" in kept.notes[-1]


def test_a_program_that_has_only_begun_ends_at_once(folder: Path) -> None:
    (made,) = interrupted([Job(words=check_into(folder / "cold"), cold=True, at_s=0.0)])
    assert made.code == 130
    assert made.took_s - made.waited_s < MOST_S
    assert made.err == "roomcheck: interrupted\n"
    assert not Path(f"{folder / 'cold'}.ndjson").exists()


def test_the_other_commands(folder: Path) -> None:
    whole = f"{folder / 'whole'}.ndjson"
    assert roomcheck(*check_into(folder / "whole")).returncode == 0
    with served() as url:
        judging = Hit(where="conformance.judge.judge:_judged", spins=True)
        jobs = {
            "doctor": Job(words=("doctor", url), hits=(Hit(where="conformance.engine.doctor:shake"),)),
            "doctor in an act": Job(words=("doctor", url), hits=(Hit(where="conformance.stage.rounds:perform"),)),
            "doctor while judging": Job(words=("doctor", url), hits=(judging,)),
            "judge": Job(words=("judge", whole), hits=(judging,)),
            "report": Job(words=("report", "html", whole), hits=(Hit(where="reports.html:_run", spins=True),)),
            "selftest": Job(words=("selftest",), at_s=0.5),
        }
        for name, made in zip(jobs, interrupted(list(jobs.values())), strict=True):
            assert made.code == 130, name
            assert made.took_s - made.waited_s < MOST_S, name
            assert "Traceback" not in made.out + made.err, name
            assert made.err == "roomcheck: interrupted\n", name


def test_the_journal_of_an_interrupted_check_can_be_judged_again(ends: dict[str, Ended], folder: Path) -> None:
    name = "a transcript is written"
    kept = ended(ends[name], folder / name)
    again = roomcheck("judge", f"{folder / name}.ndjson", "--report", f"json={folder / 'again.json'}")
    assert again.returncode == 4, "a part of a run is not green"
    document = json.loads((folder / "again.json").read_text())
    reasons = {one["reason"] for one in document["not_exercised"]}
    assert reasons == {one.reason for one in kept.not_exercised} == {INTERRUPTED}


class TestReactions:
    def test_what_surrounds_a_context_reacts_after_it(self) -> None:
        said: list[str] = []
        interruption = Interruption(lambda: said.append("outer"))
        with interruption.noted():
            interruption()
            assert said == []
            assert interruption.at_s is not None
        assert said == ["outer"]
        with interruption.noted():
            interruption()
        assert said == ["outer"], "a later signal is none"

    def test_code_that_may_be_broken_off_is(self) -> None:
        interruption = Interruption(lambda: None)
        with pytest.raises(KeyboardInterrupt), interruption.raising():
            interruption()
        with pytest.raises(KeyboardInterrupt), interruption.raising():
            pytest.fail("what was interrupted before is not begun")

    @pytest.mark.parametrize("before", [True, False])
    def test_a_computation_is_broken_off_when_its_time_is_up(self, before: bool) -> None:
        interruption, reached, began_s = Interruption(lambda: None), False, time.process_time()
        if before:
            interruption()
        with interruption.limited(0.05):
            if not before:
                interruption()
            while True:
                reached = True
        assert reached
        assert time.process_time() - began_s >= 0.05
        assert signal.getitimer(signal.ITIMER_PROF)[0] == 0.0

    def test_a_computation_within_its_time_is_finished(self) -> None:
        interruption = Interruption(lambda: None)
        with interruption.limited(60.0):
            interruption()
        assert signal.getitimer(signal.ITIMER_PROF)[0] == 0.0

    def test_time_in_which_others_have_the_processor_is_not_counted(self) -> None:
        interruption = Interruption(lambda: None)
        finished = False
        with interruption.limited(0.1):
            interruption()
            signal.sigtimedwait({signal.SIGURG}, 0.3)  # Nobody sends it: time goes by, and nothing is computed.
            finished = True
        assert finished

    @pytest.mark.parametrize("name", ["SIGINT", "SIGHUP"])
    def test_signals_that_are_ignored_stay_so(self, name: str) -> None:
        code = (
            f"import signal; signal.signal(signal.{name}, signal.SIG_IGN); import cli; "
            f"print(signal.getsignal(signal.{name}) is signal.SIG_IGN, signal.getsignal(signal.SIGTERM))"
        )
        said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        assert said.startswith("True <conformance.support.interrupt.Interruption")


COLD = 5
"""Every so manieth is a new program, the others are forked from one that has everything imported."""

AT_ONCE = 5
"""How many are interrupted beside each other; the many besides while two programs want every core for themselves."""


def beside_each_other(jobs: list[Job]) -> list[Ended]:
    """Run commands in as many processes as are interrupted at once; what became of each, in their order."""
    share = -(-len(jobs) // AT_ONCE)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        shares = pool.map(interrupted, [jobs[start : start + share] for start in range(0, len(jobs), share)])
    return [made for some in shares for made in some]


@pytest.mark.parametrize("count", [AT_ONCE, pytest.param(50, marks=pytest.mark.long)])
def test_an_honest_service_is_not_accused_whenever_a_check_is_interrupted(count: int, tmp_path: Path) -> None:
    chance = random.Random(20)  # noqa: S311 - moments, chosen by a seed
    busy = 2 if count > AT_ONCE else 0
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(busy)]
    try:
        with served("--jwt-key", KEY) as url:

            def job(name: object, **how: object) -> Job:
                return Job(words=check_into(tmp_path / str(name), url, "--jwt-key", KEY, *SMALL), **how)

            whole = beside_each_other([job(f"whole {number}", cold=number == 1) for number in range(AT_ONCE)])
            assert [one.code for one in whole] == [0] * AT_ONCE
            jobs = []
            for number in range(count):
                cold = number % COLD == 0
                at_s = chance.uniform(0.0, whole[cold].took_s)
                jobs.append(job(number, cold=cold, at_s=at_s, sent=chance.choice(SIGNALS)))
            ends = beside_each_other(jobs)
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()
    for number, made in enumerate(ends):
        path = tmp_path / str(number)
        if not made.signalled:
            assert made.code == 0
        elif made.code == 0:  # The signal came when all was written, the journal's end with the exit code too.
            kept = records.read(Path(f"{path}.ndjson"))
            assert kept.footer is not None
            assert kept.footer.exit_code == 0
            assert "HOLDS" in made.out
        elif Path(f"{path}.ndjson").exists():
            ended(made, path)
        else:  # The command line was not read yet.
            assert made.code == 130
            assert made.err == "roomcheck: interrupted\n"
            assert made.took_s - made.waited_s < MOST_S


def test_who_interrupts_waits_for_no_goodbye(monkeypatch: pytest.MonkeyPatch) -> None:
    interruption = Interruption(lambda: None)
    monkeypatch.setattr("conformance.stage.clients.socket.current", lambda: interruption)

    async def silent(frames: web.WebSocketResponse) -> None:
        await frames.send_str(opening(HANDSHAKE))
        await frames.receive_str()
        await frames.send_str('40{"sid":"a"}')
        await asyncio.get_running_loop().create_future()

    async def closing_s() -> float:
        async with engine(silent) as (url, _):
            connection = Socket("ann", Recorder(Clock(), asyncio.Event()), lambda: None)
            await connection.open(target(url), url, "websocket")
            interruption()
            began_s = time.monotonic()
            await connection.close()
            return time.monotonic() - began_s

    assert asyncio.run(closing_s()) < GOODBYE_S / 2
