"""Runs tests in several processes, which are forked once all tests are collected: `pytest --processes N`.

pytest-xdist starts interpreters of which each imports and collects all tests for itself: with six of them that is more
than twenty seconds of two cores before the first test begins. Tests marked `alone` come last, in this process.
"""

import ctypes
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from struct import Struct
from typing import Any, NoReturn

import pytest

OPTION = "--processes"
MOST_TOGETHER = 8
"""How many tests of a file that share no fixture a process takes at a time: few, so that all end at about one time."""
NUMBER = Struct("H")
END_WITH_PARENT = 1
"""`PR_SET_PDEATHSIG` of Linux' prctl.h."""

Block = Sequence[pytest.Item]


def pytest_addoption(parser: pytest.Parser) -> None:
    """The number of processes."""
    parser.addoption(OPTION, type=int, default=0, help="processes that run tests; 0: this one alone")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Run all that can run beside each other, and then what has to be alone."""
    option = session.config.option
    if not option.processes or option.collectonly or session.testsfailed:
        return None
    alone = [item for item in session.items if item.get_closest_marker("alone")]
    together = [item for item in session.items if not item.get_closest_marker("alone")]
    _spread(session, blocks(together), option.processes)
    _run(session, alone)
    return True


def blocks(items: Sequence[pytest.Item]) -> list[Block]:
    """Tests that one process runs one after another: those of a file, where they share what one of them starts.

    First come whole files, which are the longest; last what starts nothing, of which each is short.
    """
    whole, parts, quick = [], [], []
    for _, group in groupby(items, lambda item: item.path):
        file = list(group)
        if all(item.get_closest_marker("quick") for item in file):
            quick.append(file)
        elif any(_shares(item) for item in file):
            whole.append(file)
        else:
            parts += [file[start : start + MOST_TOGETHER] for start in range(0, len(file), MOST_TOGETHER)]
    return [*whole, *parts, *quick]


def _shares(item: pytest.Item) -> bool:
    """Whether a test has a fixture of the project that others of its file use, too."""
    found: Any = getattr(item, "_fixtureinfo", None)
    return found is not None and any(
        one.scope != "function" and one.baseid for several in found.name2fixturedefs.values() for one in several
    )


def _run(session: pytest.Session, items: Sequence[pytest.Item]) -> None:
    for item, following in _paired(items):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        _may_go_on(session)


def _paired(items: Sequence[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    """Each test, and the one after it: what both use is kept."""
    for index, item in enumerate(items):
        yield item, items[index + 1] if index + 1 < len(items) else None


def _may_go_on(session: pytest.Session) -> None:
    if session.shouldfail:
        raise session.Failed(session.shouldfail)
    if session.shouldstop:
        raise session.Interrupted(session.shouldstop)


@dataclass(slots=True, kw_only=True)
class _Process:
    """One that runs tests, and the test that it is at."""

    pid: int
    at: str | None = None


def _spread(session: pytest.Session, several: Sequence[Block], count: int) -> None:
    """Fork the processes, hand on what they report, and say which test each was at that ended before its time."""
    base = session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    numbers, writing = os.pipe()
    os.write(writing, b"".join(map(NUMBER.pack, range(len(several)))))  # Fits: a pipe holds 64 KB.
    os.close(writing)
    running: dict[Any, _Process] = {}
    try:
        for index in range(min(count, len(several))):
            reading, telling = Pipe(duplex=False)
            sys.stdout.flush()
            sys.stderr.flush()
            pid = os.fork()
            if not pid:
                _work(session, several, numbers, telling, base / f"process-{index}")
            telling.close()
            running[reading] = _Process(pid=pid)
        while running:
            for reading in wait(list(running)):
                _hear(session, reading, running)
            _may_go_on(session)
    finally:
        os.close(numbers)
        for process in running.values():
            os.kill(process.pid, signal.SIGTERM)
            os.waitpid(process.pid, 0)


def _hear(session: pytest.Session, reading: Any, running: dict[Any, _Process]) -> None:
    """What a process has told, or that it has ended."""
    process, hook = running[reading], session.config.hook
    try:
        kind, told = reading.recv()
    except EOFError:
        del running[reading]
        code = os.waitstatus_to_exitcode(os.waitpid(process.pid, 0)[1])
        if code or process.at is not None:
            where = process.at or "no test"
            text = f"a process that runs tests ended with {code} while it was at {where}"
            report = pytest.TestReport(where, ("", 0, where), {}, "failed", text, "call")
            hook.pytest_runtest_logreport(report=report)
        return
    if kind == "at":
        process.at = told
    elif kind == "warning":
        hook.pytest_warning_recorded.call_historic(kwargs=told)
    else:
        report = hook.pytest_report_from_serializable(config=session.config, data=told)
        hook.pytest_runtest_logreport(report=report)


class _Telling:
    """In a process that runs tests: what is reported goes to the one that has forked it."""

    def __init__(self, config: pytest.Config, telling: Connection) -> None:
        self._config, self._telling = config, telling

    def at(self, nodeid: str | None) -> None:
        """The test that begins, or None at the end of one."""
        self._telling.send(("at", nodeid))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """What became of a part of a test."""
        told = self._config.hook.pytest_report_to_serializable(config=self._config, report=report)
        self._telling.send(("report", told))

    def pytest_warning_recorded(self, warning_message: Any, when: str, nodeid: str, location: Any) -> None:
        """A warning, as far as it can be sent."""
        try:
            pickle.dumps(warning_message)
        except Exception:  # noqa: BLE001 - what a warning holds is up to whoever gives it
            warning_message.message = UserWarning(str(warning_message.message))
            warning_message.category, warning_message.source = UserWarning, None
        told = {"warning_message": warning_message, "when": when, "nodeid": nodeid, "location": location}
        self._telling.send(("warning", told))


def _work(
    session: pytest.Session, several: Sequence[Block], numbers: int, telling: Connection, folder: Path
) -> NoReturn:
    """Take block after block until there is none."""
    code = 1
    try:
        ctypes.CDLL(None).prctl(END_WITH_PARENT, signal.SIGKILL)
        config = session.config
        manager = config.pluginmanager
        manager.unregister(name="terminalreporter")
        tell = _Telling(config, telling)
        manager.register(tell)
        capture: Any = manager.getplugin("capturemanager")
        capture.stop_global_capturing()  # Its files are those of all that were forked.
        capture.start_global_capturing()
        capture.suspend_global_capture(in_=False)
        folder.mkdir()
        config._tmp_path_factory._basetemp = folder  # type: ignore[attr-defined]
        for item, following in _taken(several, numbers):
            tell.at(item.nodeid)
            config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            tell.at(None)
        code = 0
    except KeyboardInterrupt:
        code = 128 + signal.SIGINT
    except BaseException:  # noqa: BLE001 - it must not go on as the process that has forked it
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(code)


def _taken(several: Sequence[Block], numbers: int) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    """Each test that this process is to run, and the one after it in its block."""
    while number := os.read(numbers, NUMBER.size):
        yield from _paired(several[NUMBER.unpack(number)[0]])
