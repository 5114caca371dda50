"""What holds for all tests: which are quick, and what programs that they start do at signals.

A shell starts what it runs in the background with SIGINT ignored, `nohup` with SIGHUP, and programs inherit that.
"""

import functools
import gc
import signal
import sys
from collections.abc import Iterator
from types import FunctionType, ModuleType

import pytest
from hypothesis import HealthCheck, settings

from tests import forks
from tests.compiling import compile_all
from tests.grouping import grouped

# A time limit of a generated test is of wall time, which a busy machine takes. Examples are the same in each run.
settings.register_profile(
    "steady", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

STARTING = {"asyncio", "selectors", "socket", "subprocess", "threading"}
"""Modules by which a test can start a program or a service."""

STARTERS = {
    "tests.running",
    "tests.forks",
    "tests.deploying",
    "conformance.reference.host",
    "conformance.engine.selftest",
}
"""Modules whose functions do."""

HARMLESS = {"clean_environment", "free_port", "settings", "toml"}


def pytest_configure(config: pytest.Config) -> None:
    """Where several processes run tests, compile once for all, and let programs be forked from the same."""
    if not getattr(config.option, "numprocesses", None) or hasattr(config, "workerinput"):
        return
    compile_all(config)
    if not getattr(config.option, "markexpr", "").startswith("quick"):
        together = forks.shared()
        together.__enter__()
        config.add_cleanup(lambda: together.__exit__(None, None, None))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[object]:
    """Collect without looking for garbage: nearly all that is made stays, and looking takes a third of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests of files that start nothing as `quick`; where several processes run tests, group them."""
    for item in items:
        module = getattr(item, "module", None)
        if module is not None and not _starts(module):
            item.add_marker("quick")
    if getattr(config.option, "loadgroup", False):  # In a process of several; `dist` says "no" there.
        items[:] = grouped(items)


@functools.cache
def _starts(module: ModuleType) -> bool:
    """Whether a file of tests has something with which it could start a program or a service."""
    for value in vars(module).values():
        if isinstance(value, ModuleType) and value.__name__ in STARTING | STARTERS:
            return True
        if isinstance(value, FunctionType) and value.__module__ in STARTERS and value.__name__ not in HARMLESS:
            return True
    return any(_starts(one) for one in _of_ours(module))


def _of_ours(module: ModuleType) -> list[ModuleType]:
    """The other files of tests that a file takes functions from."""
    names = {value.__module__ for value in vars(module).values() if isinstance(value, FunctionType)}
    names = {name for name in names if name.startswith("tests.")} - STARTERS - {module.__name__}
    return [sys.modules[name] for name in sorted(names)]
