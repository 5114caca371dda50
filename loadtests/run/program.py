"""`roomcheck load`: Locust in a process of its own, since importing it would patch this one.

What is not an option of ours is passed on to Locust, so everything that Locust can, this can.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from conformance.model.exit_code import Exit
from conformance.support import tether
from conformance.support.descriptors import require
from conformance.support.errors import NO_VALUE, Unreachable, UsageError
from conformance.support.interrupt import SIGNALS, current
from conformance.target.target import address
from contracts.load import DEFAULT_BUNDLE
from contracts.load import load as bundle_of
from loadtests.dialects.selection import words_of
from loadtests.run.help import short

LOCUSTFILE = Path(__file__).parent.parent / "locustfile.py"
ROOT = str(LOCUSTFILE.parent.parent)
OURS = f"""
import sys
sys.path.insert(0, {ROOT!r})
from conformance.support import own_packages
sys.path.remove({ROOT!r})
sys.path[:] = [folder for folder in sys.path if folder]
own_packages.come_first({ROOT!r})
"""
"""What programs that are given as text begin with: nothing of the working directory is imported."""

USUAL = {"users": "10", "run_time": "20s", "sockets_per_user": "10"}
"""What a run is like that says nothing else: a hundred sockets for twenty seconds."""

WITH_UI = ("autostart", "web_port", "web_host", "class_picker", "autoquit")
"""Options of a run that has Locust's web UI."""

AS_LOCUST = """
import os, signal, sys
from conformance.support import streams, tether
out, _ = streams.install()
tether.ends_with_parent()
if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))
sys.argv[0] = 'roomcheck load'
from locust import events
from locust.exception import RPCError
from locust.main import main
begun = []
events.test_start.add_listener(lambda **_: begun.append(True))
try:
    main()
except RPCError as error:
    print(f'roomcheck: --master-port, --master-bind-port: {error}; give another', file=sys.stderr)
    sys.exit(2)
except SystemExit as end:
    sys.exit(2 if end.code == 1 and not begun else end.code)
except Exception as error:
    from loadtests.run import own_files
    said = '' if begun else own_files.told(error, sys.argv[-1].split(',')[1:])
    if not said:
        raise
    streams.complain(said)
    sys.exit(2)
finally:
    sys.stdout.flush()
    if unwritten := streams.message(out):
        print(f'roomcheck: {unwritten}', file=sys.stderr)
"""
"""Locust under the name by which it was called, which its messages begin with. What ends it before a run has begun is a
slip of whoever called it, which Locust does not tell from a run that broke."""

EMBEDDED = "http://embedded.invalid"
"""In place of the address of the embedded service, which a dry run does not start."""

ENDING_S = 40.0
"""How long an interrupted Locust is waited for: longer than it waits for itself."""

PLACE = re.compile(r"[\w.-]+:\d+(?:/.*)?")
"""An address without its scheme."""

AS_SERVICE = """
from conformance.support import tether
tether.ends_with_parent()
import cli
cli.run()
"""
"""`roomcheck` as a program that ends with this one."""

AS_HELP = """
import sys
from conformance.support import streams
out, _ = streams.install()
import locust
from loadtests.scenarios import scenarios
from loadtests.workload.options import show
show(scenarios())
if unwritten := streams.message(out):
    print(f'roomcheck: {unwritten}', file=sys.stderr)
    sys.exit(2)
"""
"""The help, in another process for the same reason; Locust is imported first, since it patches other modules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadOptions:
    """What was asked for."""

    words: tuple[str, ...] = ()
    """Everything that is Locust's, or an option of the locustfile; an address among them is the service's."""
    target: str | None = None
    token: str | None = None
    jwt_key: str | None = None


LEAST_DESCRIPTORS = 100
"""Locust and its event loop have some 60 files open before the first socket; without them they abort."""


def load(ask: LoadOptions) -> int:
    """Run Locust to its end; its exit code, which is ours.

    Raises:
        UsageError: what load needs is not installed, or what is loaded is not said plainly.
    """
    for package in ("locust", "picows"):
        if importlib.util.find_spec(package) is None:
            raise UsageError(f"load needs {package}, which is not installed: pip install 'roomcheck[load]'")
    given, rest = _peeked(ask.words)
    for before, word in zip(("", *ask.words), ask.words, strict=False):
        if PLACE.fullmatch(word) and not before.startswith("-"):
            address(word, "URL")
    if given.help:
        sys.stdout.write(short(_scenarios(), USUAL))
        raise SystemExit(0)  # No verdict: where the help cannot be written, the command has failed.
    if given.help_all:
        # Locust tells its help before it has read what a locustfile adds.
        return subprocess.call([sys.executable, "-c", OURS + AS_HELP])  # noqa: S603 - our own words
    require(LEAST_DESCRIPTORS)
    if given.contracts == "":
        raise UsageError(f"--contracts: {NO_VALUE}")
    urls = [word for word in rest if "://" in word]
    words = [word for word in ask.words if word not in urls]
    words += ["--host", address(urls[0], "URL")] if urls else []
    words += ["--target", ask.target] if ask.target else []
    if len(urls) > 1 or (urls and given.host):
        raise UsageError("URL: one service can be loaded at a time; several nodes of it stand in the settings")
    if given.dry_run and given.worker:
        raise UsageError("--dry-run: a worker plays what its master says; give the option to the master")
    if given.dry_run and not (urls or ask.target or given.host):
        words += ["--host", EMBEDDED]
    if given.dry_run or urls or ask.target or given.host or given.worker:
        return _locust(words, given, ask)
    bundle = bundle_of(given.contracts or DEFAULT_BUNDLE)
    words_of(bundle)  # What load does not speak is refused before anything is served.
    with _embedded(given.contracts or DEFAULT_BUNDLE) as served:
        return _locust([*words, "--host", served], given, ask)


def _scenarios() -> list[str]:
    """The names of all scenarios, by their files: what they import is not needed to name them."""
    files = (LOCUSTFILE.parent / "scenarios").glob("[!_]*.py")
    return ["".join(word.capitalize() for word in file.stem.split("_")) for file in files]


def _peeked(words: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    """What Locust is told that we have to know, too, and everything else."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument("-u", "--users")
    parser.add_argument("-r", "--spawn-rate")
    parser.add_argument("-t", "--run-time")
    parser.add_argument("-H", "--host")
    parser.add_argument("-f", "--locustfile")
    parser.add_argument("--sockets-per-user")
    parser.add_argument("--ramp")
    parser.add_argument("--contracts")
    parser.add_argument("--processes", type=int)
    parser.add_argument("--master-port")
    parser.add_argument("--master-bind-port")
    for option in ("web_port", "web_host", "autoquit"):
        parser.add_argument(f"--{option.replace('_', '-')}")
    parser.add_argument("--expect-workers")
    for option in ("autostart", "class_picker", "headless", "worker", "master", "dry_run"):
        parser.add_argument(f"--{option.replace('_', '-')}", action="store_true")
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("--help-all", action="store_true")
    try:
        return parser.parse_known_args(list(words))
    except argparse.ArgumentError as error:
        raise UsageError(f"load: {error}") from error


def arguments(words: Sequence[str], given: argparse.Namespace) -> list[str]:
    """Locust's arguments: what was given, and the usual where nothing was."""
    made = list(words)
    if given.worker:
        return made
    for name, value in USUAL.items():
        if getattr(given, name) is None and not (given.ramp and name in ("users", "run_time")):
            made += [f"--{name.replace('_', '-')}", value]
    if given.spawn_rate is None and not given.ramp:
        made += ["--spawn-rate", given.users if given.users and given.users.strip("0") else USUAL["users"]]
    if given.dry_run:
        made = ["--loglevel", "WARNING", *made, *_no_cluster(given)]
    elif given.processes is not None and not (given.master_port or given.master_bind_port):
        # At Locust's usual port workers of another run would meet this one's master, and this one's workers another's.
        port = str(free_port())
        made += ["--master-port", port, "--master-bind-port", port, "--master-bind-host", "127.0.0.1"]
    if not any(getattr(given, name) for name in WITH_UI):
        made += ["--only-summary", "--live", *([] if given.headless else ["--headless"])]
    return made


def _no_cluster(given: argparse.Namespace) -> list[str]:
    """What has a dry run start no worker, and meet none."""
    count = given.processes if given.processes != -1 else os.cpu_count()
    workers = ["--processes", "0", "--expect-workers", str(count)] if count else []
    port = ["--master-bind-port", str(free_port()), "--master-bind-host", "127.0.0.1"] if given.master else []
    return [*port, *workers]


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _locust(words: Sequence[str], given: argparse.Namespace, ask: LoadOptions) -> int:
    environment = dict(os.environ)
    # Not an option of Locust: those are shown in its web UI, and travel to its workers.
    environment |= {"ROOMCHECK_TOKEN": ask.token} if ask.token else {}
    environment |= {"ROOMCHECK_JWT_KEY": ask.jwt_key} if ask.jwt_key else {}
    files = ",".join([str(LOCUSTFILE), *([given.locustfile] if given.locustfile else [])])
    command = [sys.executable, "-c", OURS + AS_LOCUST, *arguments(words, given), "-f", files]
    with (
        tether.tether() as parent,
        subprocess.Popen(command, env=environment | {tether.VARIABLE: str(parent)}, pass_fds=[parent]) as locust,  # noqa: S603 - Locust, with a person's own words
    ):

        def end(*_: object) -> None:
            locust.terminate()
            signal.setitimer(signal.ITIMER_REAL, ENDING_S)

        previous = signal.signal(signal.SIGALRM, lambda *_: locust.kill())
        try:
            # What is interrupted ends with 130, even where Locust has come to its end meanwhile.
            with current().reacting(end):
                return _told(locust.wait())
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, previous)


def _told(code: int) -> int:
    """The exit code of Locust; a signal that ended it is an interruption, or a fault of ours."""
    if code >= 0:
        return code
    if -code in (*SIGNALS, signal.SIGALRM):  # The last ends one that hangs.
        return Exit.INTERRUPTED
    print(f"roomcheck: internal error, please report it: Locust was ended by signal {-code}", file=sys.stderr)
    return Exit.OUR_ERROR


@contextlib.contextmanager
def _embedded(contracts: str) -> Iterator[str]:
    """A service that keeps the contracts, in a process of its own: in this one whoever waits for it would load it."""
    command = [sys.executable, "-c", OURS + AS_SERVICE, "serve", "--port", "0", "--contracts", contracts]
    with (
        tempfile.TemporaryFile("w+") as told,
        tether.tether() as parent,
        subprocess.Popen(  # noqa: S603 - our own words
            command,
            stdout=subprocess.PIPE,
            stderr=told,
            text=True,
            start_new_session=True,
            env=os.environ | {tether.VARIABLE: str(parent)},
            pass_fds=[parent],
        ) as service,
    ):
        try:
            # What it serves it says before.
            line = next((line for line in service.stdout or () if line.startswith("serving on ")), "")
            if not line:
                raise Unreachable("the embedded service did not start")
            yield line.split()[2].rstrip(",")
        finally:
            ended = service.poll()
            service.kill()  # It has nothing to finish.
            if ended not in (None, 0):
                told.seek(0)
                sys.stderr.write(told.read())
