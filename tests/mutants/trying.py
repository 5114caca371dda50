"""One mutant at a time in a process of its own, which was forked where pytest had collected the tests.

So a mutant costs a fork and the tests that run its line, not a start of pytest. The mutant is put into the code object
of the live function: what is decorated, or was imported by its name, is changed as well.
"""

from __future__ import annotations

import ast
import gc
import json
import os
import resource
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType

import pytest
from _pytest.runner import runtestprotocol
from coverage import Coverage, CoverageData

from tests.mutants.operators import Change, Function, changes, functions
from tests.running import ROOT

LIMIT_FACTOR = 10.0
LIMIT_LEAST_S = 2.0
"""CPU time that a test may take with a mutant: this many times its own, and at least this. A loop has no end then."""
MOST_TESTS_S = 2.0
MOST_TESTS_OF_A_GUARD_S = 12.0
"""CPU time, as measured without mutants, of the tests that a mutant has to outlive to count as a survivor. Lines that
almost every test runs would take all of them; what no test notices in this time may be noticed by one that was left."""
OWN_FILE_FACTOR = 4.0
"""How much longer a test may take that is named after the mutated file, and still be run before another."""
MEMORY_BYTES = 3 << 30

LINES = ROOT / "build" / "mutants.coverage"
TIMES = ROOT / "build" / "mutants.times.json"

KILLED, SURVIVED, NOT_COVERED = "killed", "survived", "not covered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One change of one function."""

    path: str
    function: str
    name: str
    """What the change is, with a number where a function has several that read alike."""
    line: int
    last_line: int
    guard: bool
    change: Change
    around: list[ast.ClassDef]
    node: Function

    @property
    def key(self) -> str:
        return f"{self.path}::{self.function}: {self.name}"

    def code(self, future: list[ast.stmt]) -> CodeType | None:
        """The code of the function with the change in it; None where it is no Python."""
        old = self.change.apply()
        try:
            tree: ast.stmt = self.node
            for outer in reversed(self.around):
                tree = ast.ClassDef(name=outer.name, bases=[], keywords=[], body=[tree], decorator_list=[])
            module = ast.fix_missing_locations(ast.Module(body=[*future, tree], type_ignores=[]))
            code = compile(module, str(ROOT / self.path), "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            return None
        finally:
            self.change.undo(old)
        for part in self.function.split("."):
            code = next(one for one in code.co_consts if isinstance(one, CodeType) and one.co_name == part)
        return code


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every mutant of a file."""
    for function, around, node in functions(ast.parse(path.read_text("utf-8"))):
        seen: dict[str, int] = defaultdict(int)
        for change in changes(node):
            seen[change.what] += 1
            name = change.what if seen[change.what] == 1 else f"{change.what} ({seen[change.what]})"
            yield Mutant(
                path=str(path.relative_to(ROOT)), function=function, name=name, line=change.line,
                last_line=max(change.line, getattr(change.owner, "end_lineno", change.line) or change.line),
                guard=change.guard, change=change, around=around, node=node,
            )  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Trial:
    """A pytest plugin that runs the mutants in the place of the tests."""

    files: list[Path]
    mutants: list[Mutant]
    jobs: int
    version: Callable[[Path], str]
    """A word on what a file of tests, and all that it tests, is like now."""
    found: Callable[[Mutant, str, str], None]
    """Told of each mutant, what became of it, and the test that noticed it."""
    items: list[pytest.Item] = field(default_factory=list)
    taken_s: list[float] = field(default_factory=list)
    """CPU time of each test, as measured without mutants and with what tells which lines it runs."""
    running: dict[int, tuple[Mutant, int]] = field(default_factory=dict)
    noticed: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    """How many mutants of a function each test noticed: it is run first for the next."""
    failed: list[str] = field(default_factory=list)
    """Tests that fail without any mutant: they can notice none, and are left out."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.items = list(session.items)
        gc.unfreeze()  # What `tests/conftest.py` has frozen is not among the objects that can be asked for.
        live = _live({str(path) for path in self.files})
        covering = self._measured()
        if not live:
            raise pytest.UsageError("no function of the files is among the objects of the interpreter")
        future = ast.parse("from __future__ import annotations").body
        print(f"{len(self.items)} tests take {sum(self.taken_s):.0f} s of CPU time without a mutant", flush=True)
        gc.collect()
        gc.freeze()
        for mutant in self.mutants:
            targets = live.get((str(ROOT / mutant.path), mutant.function), [])
            tests = self._tests(mutant, covering)
            if not tests or not targets:
                self.found(mutant, NOT_COVERED, "")
                continue
            code = mutant.code(future)
            if code is None or any(target.__code__.co_freevars != code.co_freevars for target in targets):
                continue
            while len(self.running) >= self.jobs:
                self._wait()
            self._start(mutant, targets, code, tests)
        while self.running:
            self._wait()
        return True

    def _measured(self) -> dict[str, dict[int, set[int]]]:
        """Which tests run each line of each file. What an earlier run found of tests that are the same is taken."""
        known_s: dict[str, float] = json.loads(TIMES.read_text("utf-8")) if TIMES.exists() else {}
        names = [f"{item.nodeid}@{self.version(item.path)}" for item in self.items]
        coverage = Coverage(data_file=None, include=[str(path) for path in self.files], config_file=False)
        for item, name in zip(self.items, names, strict=True):
            if name not in known_s:
                coverage.start()
                coverage.switch_context(name)
                began_s = time.process_time()
                reports = runtestprotocol(item, log=False, nextitem=None)
                taken_s = time.process_time() - began_s
                coverage.stop()
                if any(report.failed for report in reports):
                    self.failed.append(item.nodeid)
                else:
                    known_s[name] = taken_s
        self.taken_s = [known_s.get(name, 0.0) for name in names]
        data = CoverageData(str(LINES))
        data.read()
        data.update(coverage.get_data())
        numbers = {name: index for index, name in enumerate(names) if name in known_s}
        data.write()
        TIMES.write_text(json.dumps(known_s), "utf-8")
        return {
            path: {
                line: {numbers[context] for context in contexts if context in numbers}
                for line, contexts in data.contexts_by_lineno(path).items()
            }
            for path in map(str, self.files)
        }

    def _tests(self, mutant: Mutant, covering: dict[str, dict[int, set[int]]]) -> list[int]:
        """The tests that run a mutant's line: those that noticed others of its function, then short ones."""
        lines = covering[str(ROOT / mutant.path)]
        which: set[int] = set().union(*(lines.get(line, ()) for line in range(mutant.line, mutant.last_line + 1)))
        noticed = self.noticed[f"{mutant.path}::{mutant.function}"]
        own = f"test_{Path(mutant.path).stem}.py"

        def order(index: int) -> tuple[int, float]:
            likely = OWN_FILE_FACTOR if own in self.items[index].nodeid else 1.0
            return -noticed.get(index, 0), self.taken_s[index] / likely

        chosen, left_s = [], MOST_TESTS_OF_A_GUARD_S if mutant.guard else MOST_TESTS_S
        for index in sorted(which, key=order):
            left_s -= self.taken_s[index]
            if left_s < 0 and chosen:
                break
            chosen.append(index)
        return chosen

    def _start(self, mutant: Mutant, targets: list[FunctionType], code: CodeType, tests: list[int]) -> None:
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(reading)
            self._try(targets, code, tests, writing)
        os.close(writing)
        self.running[pid] = mutant, reading

    def _try(self, targets: list[FunctionType], code: CodeType, tests: list[int], writing: int) -> None:
        """In the forked process: run the tests until one fails. Exits with 1 then."""
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        for target in targets:
            target.__code__ = code
        for index in tests:
            os.write(writing, f"{index}\n".encode())
            item = self.items[index]
            limit_s = max(LIMIT_LEAST_S, LIMIT_FACTOR * self.taken_s[index])
            signal.setitimer(signal.ITIMER_VIRTUAL, limit_s)
            try:
                reports = runtestprotocol(item, log=False, nextitem=None)
            except BaseException:  # noqa: BLE001 - also what ends pytest is noticed
                os._exit(1)
            if any(report.failed for report in reports):
                os._exit(1)
        os._exit(0)

    def _wait(self) -> None:
        pid, status = os.wait()
        mutant, reading = self.running.pop(pid)
        with os.fdopen(reading) as stream:
            tests = stream.read().split()
        if not status:
            self.found(mutant, SURVIVED, "")
            return
        last = int(tests[-1]) if tests else 0
        self.noticed[f"{mutant.path}::{mutant.function}"][last] += 1
        self.found(mutant, KILLED, self.items[last].nodeid)


def _live(files: set[str]) -> dict[tuple[str, str], list[FunctionType]]:
    """The function objects of the files, by path and qualified name."""
    found: dict[tuple[str, str], list[FunctionType]] = defaultdict(list)
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename in files:
            found[one.__code__.co_filename, one.__code__.co_qualname].append(one)
    return found
