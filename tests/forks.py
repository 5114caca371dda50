"""Starts Python programs by forking a process that has imported what they need: a fresh interpreter costs 0.8 s of CPU.

`Fork` is what `subprocess.Popen` is, for `python -m MODULE` and `python -c CODE`: a process of its own with its own
streams, environment, signals and exit code. Only the imports of the project and its dependencies are shared; the module
itself runs anew. Locust patches the process that imports it, and is forked from another one.
"""

import atexit
import contextlib
import ctypes
import functools
import importlib
import json
import os
import runpy
import selectors
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import types
from collections.abc import Sequence
from os import close, fork, waitpid, write  # Locust replaces them by what its own loop needs; these stay as they are.
from pathlib import Path
from selectors import DefaultSelector
from signal import signal as handle
from socket import socket as Socket  # noqa: N812
from typing import IO, Any, NoReturn

import conformance.support.tether  # noqa: F401 - before Locust replaces how threads are started
from tests.fork_imports import IMPORTED, LOCUST, PLAIN, import_all

ROOT = Path(__file__).parent.parent
MESSAGE_BYTES = 1 << 20
MOST_FDS = 2
"""How many further descriptors a program may be passed."""
STATUS = struct.Struct("i")
END_WITH_PARENT = 1
"""`PR_SET_PDEATHSIG` of Linux' prctl.h."""


class Fork:
    """A program that was forked, with the methods of `subprocess.Popen` that tests use."""

    def __init__(
        self,
        words: Sequence[str],
        *,
        env: dict[str, str],
        of: str = PLAIN,
        cwd: Path = ROOT,
        host: str | None = None,
        ahead_s: int = 0,
        stdout: int | IO[Any] | None = subprocess.PIPE,
        stderr: int | IO[Any] | None = subprocess.PIPE,
        pass_fds: Sequence[int] = (),
    ) -> None:
        """Start `python -m WORDS`, or `python WORDS` where they begin with `-c`.

        Args:
            of: which process is forked, by what it has imported.
            host: one of `tests.hosts`, on which it runs; its monotonic clock may be `ahead_s` of the others'.
            stdout: `PIPE`, a file, or None for that of the tests.
        """
        self.args = words
        self.returncode: int | None = None
        self.stdout, out = _stream(stdout, 1)
        self.stderr, err = _stream(stderr, 2)
        self._status, telling = socket.socketpair()
        try:
            with _server(of) as server:
                where = {"cwd": str(cwd), "host": host, "ahead_s": ahead_s}
                job = json.dumps({"words": list(words), "env": env, "fds": list(pass_fds), **where}).encode()
                socket.send_fds(server, [job], [out, err, telling.fileno(), *pass_fds, *_passed_on(words)])
                self.pid = STATUS.unpack(self._status.recv(STATUS.size, socket.MSG_WAITALL))[0]
        finally:
            telling.close()
            for end in (out, err):
                if end > 2:
                    os.close(end)

    def wait(self, timeout: float | None = None) -> int:
        """The exit code; minus the number of the signal that ended it.

        Raises:
            subprocess.TimeoutExpired: it goes on.
        """
        if self.returncode is None:
            self._status.settimeout(timeout)
            try:
                told = self._status.recv(STATUS.size, socket.MSG_WAITALL)
            except (TimeoutError, BlockingIOError):
                raise subprocess.TimeoutExpired(list(self.args), timeout or 0) from None
            assert len(told) == STATUS.size, "the process that forks has ended"
            self.returncode = os.waitstatus_to_exitcode(STATUS.unpack(told)[0])
            self._status.close()
        return self.returncode

    def poll(self) -> int | None:
        """The exit code, or None while it goes on."""
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def send_signal(self, number: int) -> None:
        """Signal it, unless it has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """What it writes on both streams, to its end.

        Raises:
            subprocess.TimeoutExpired: it goes on; it is killed.
        """
        told: dict[str, str] = {}

        def read(name: str, stream: IO[str]) -> None:
            told[name] = stream.read()

        streams = {"stdout": self.stdout, "stderr": self.stderr}
        threads = [threading.Thread(target=read, args=one) for one in streams.items() if one[1] is not None]
        for thread in threads:
            thread.start()
        try:
            self.wait(timeout)
        finally:
            self.kill()
            for thread in threads:
                thread.join()
            self.close()
        return told.get("stdout", ""), told.get("stderr", "")

    def close(self) -> None:
        """Close the streams."""
        for stream in (self.stdout, self.stderr):
            if stream is not None:
                stream.close()

    def __enter__(self) -> "Fork":
        return self

    def __exit__(self, *error: object) -> None:
        if any(error):
            self.kill()
        self.close()
        self.wait()


def _stream(wanted: int | IO[Any] | None, usual: int) -> tuple[IO[str] | None, int]:
    """What is read by us, and the descriptor that the program writes to."""
    if wanted is None:
        return None, usual
    if wanted != subprocess.PIPE:
        return None, os.dup(wanted if isinstance(wanted, int) else wanted.fileno())
    reading, writing = os.pipe()
    return open(reading, encoding="utf-8", errors="replace"), writing


def popen(args: Any, **options: Any) -> Any:
    """`subprocess.Popen` of a program that was forked and starts other programs: those of Python are forked, too."""
    if not (isinstance(args, list) and args[0] == sys.executable and args[1] in ("-c", "-m")):
        return POPEN(args, **options)
    words = args[2:] if args[1] == "-m" else args[1:]
    of = LOCUST if LOCUST in args[2] or "loadtests" in args[2] else PLAIN
    streams = {name: options[name] for name in ("stdout", "stderr", "pass_fds") if name in options}
    streams = {"stdout": None, "stderr": None} | streams
    # As of a program that is started: it is where whoever starts it is.
    where = Path(options.get("cwd") or os.getcwd())
    return Fork(words, of=of, env=dict(options.get("env") or os.environ), cwd=where, **streams)


POPEN = subprocess.Popen
SHARED = "TESTS_FORKED_IN"
"""The variable that names the folder with the sockets of processes that fork for several."""
INHERITED: dict[str, socket.socket] = {}
"""In a program that was forked and starts others: the processes that fork."""

_turn = threading.Lock()


def _passed_on(words: Sequence[str]) -> list[int]:
    """The sockets of the processes that fork, for a command that starts others."""
    if tuple(words[:2]) != ("cli", "load") or INHERITED:
        return []
    return [_started(os.getpid(), of).fileno() for of in IMPORTED]


@contextlib.contextmanager
def _server(of: str) -> Any:
    """The process that forks, which is started once; its socket, for one thread at a time."""
    with _turn:
        yield INHERITED[of] if INHERITED else _started(os.getpid(), of)


@functools.cache
def _started(_pid: int, of: str) -> socket.socket:
    """The process that forks for this one: of those that several processes of tests share, or one of its own."""
    shared = os.environ.get(SHARED)
    if shared:
        common = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        common.connect(str(Path(shared) / of))
        return common
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        program = _program(of, theirs)

    def end() -> None:
        with contextlib.suppress(OSError):  # It was ended by somebody else.
            ours.send(b"")
        ours.close()
        program.wait()

    atexit.register(end)
    return ours


def _program(of: str, commands: socket.socket) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.forks", of, str(commands.fileno())], cwd=ROOT, pass_fds=[commands.fileno()]
    )


@contextlib.contextmanager
def shared(*kinds: str) -> Any:
    """Processes that fork for all processes of tests that are started inside: each imports once what all need."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as programs:
        for of in kinds or IMPORTED:
            with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
                listening.bind(str(Path(folder) / of))
                listening.listen()
                program = _program(of, listening)
            programs.callback(program.wait)
            programs.callback(program.terminate)
        os.environ[SHARED] = folder
        try:
            yield
        finally:
            del os.environ[SHARED]


def serve_several(listening: Socket) -> NoReturn:
    """Fork a process that serves for every connection that comes; it ends with the process that has started it."""
    ctypes.CDLL(None).prctl(END_WITH_PARENT, signal.SIGTERM)
    handle(signal.SIGINT, signal.SIG_IGN)
    handle(signal.SIGCHLD, _ended)
    with DefaultSelector() as ready:
        ready.register(listening, selectors.EVENT_READ)
        while True:
            ready.select()
            connection, _ = listening._accept()  # type: ignore[attr-defined] # Locust would have `accept` make its own.
            if not fork():
                ready.close()
                listening.close()
                serve(Socket(fileno=connection))
                os._exit(0)
            close(connection)


def _ended(*_: object) -> None:
    """Reap what has ended: what it has cost is then told to who waits for this process."""
    with contextlib.suppress(ChildProcessError):
        while waitpid(-1, os.WNOHANG)[0]:
            pass


def serve(commands: Socket) -> None:
    """Fork for every command that comes, and tell each its exit status; end with whoever sends them."""
    running: dict[int, int] = {}
    waking, woken = os.pipe()
    os.set_blocking(woken, False)
    with DefaultSelector() as ready:
        handle(signal.SIGINT, signal.SIG_IGN)
        handle(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(woken)
        ready.register(commands, selectors.EVENT_READ)
        ready.register(waking, selectors.EVENT_READ)
        while True:
            for key, _ in ready.select():
                if key.fileobj is waking:
                    os.read(waking, MESSAGE_BYTES)
                    _reap(running)
                    continue
                message, ends, _, _ = socket.recv_fds(commands, MESSAGE_BYTES, 3 + MOST_FDS + len(IMPORTED))
                if not message:
                    for pid in running:
                        os.kill(pid, signal.SIGKILL)
                        waitpid(pid, 0)
                    return
                pid = fork()
                if not pid:
                    others = [*running.values(), ends[2], commands.fileno(), waking, woken, ready.fileno()]
                    _become(json.loads(message), ends, others)
                running[pid] = ends[2]
                write(ends[2], STATUS.pack(pid))
                for end in (*ends[:2], *ends[3:]):
                    close(end)


def _reap(running: dict[int, int]) -> None:
    """Tell the exit status of each program that has ended to who has started it."""
    while running:
        pid, status = waitpid(-1, os.WNOHANG)
        if not pid:
            return
        end = running.pop(pid)
        with contextlib.suppress(BrokenPipeError):
            write(end, STATUS.pack(status))
        close(end)


def _become(job: dict[str, Any], ends: Sequence[int], others: Sequence[int]) -> NoReturn:
    """Run a module in this process, as `python -m` would; with sockets of processes that fork it forks what it starts.

    Args:
        ends: standard output, standard error, what tells the status, what the program is passed, those sockets.
        others: descriptors that are none of the program's.
    """
    code = 1
    out, err, _, *rest = ends
    passed, servers = rest[: len(job["fds"])], rest[len(job["fds"]) :]
    try:
        signal.set_wakeup_fd(-1)
        handle(signal.SIGCHLD, signal.SIG_DFL)
        handle(signal.SIGINT, signal.default_int_handler)
        os.dup2(out, 1)
        os.dup2(err, 2)
        for end in (out, err, *others):
            close(end)
        sys.stdout = open(1, "w", buffering=1 if os.isatty(1) else -1, encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
        os.environ.clear()
        os.environ.update(job["env"])
        numbers = dict(zip(map(str, job["fds"]), map(str, passed), strict=True))
        told = {name: value for name, value in job["env"].items() if name.endswith("_FD") and value in numbers}
        os.environ.update((name, numbers[value]) for name, value in told.items())
        time.tzset()
        os.chdir(job["cwd"])
        if job["host"]:
            importlib.import_module("tests.hosts").enter(job["host"], job["ahead_s"])
        if LOCUST in sys.modules:
            importlib.import_module("gevent").reinit()
        if servers:
            forks: Any = importlib.import_module("tests.forks")
            forks.INHERITED.update(zip(IMPORTED, (socket.socket(fileno=one) for one in servers), strict=True))
            subprocess.Popen = forks.popen  # type: ignore[assignment,misc]
        _run(job["words"])
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        if isinstance(ended.code, str):
            print(ended.code, file=sys.stderr)
    except KeyboardInterrupt:
        traceback.print_exc()
        sys.stderr.flush()
        handle(signal.SIGINT, signal.SIG_DFL)
        signal.raise_signal(signal.SIGINT)
    except BaseException:  # noqa: BLE001 - the child must not go on as its parent
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _run(words: Sequence[str]) -> None:
    if words[0] == "-c":
        sys.argv = ["-c", *words[2:]]
        main = sys.modules["__main__"] = types.ModuleType("__main__")
        exec(words[1], main.__dict__)  # noqa: S102 - a program of a test
    else:
        sys.argv = list(words)
        runpy.run_module(words[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    given = Socket(fileno=int(sys.argv[2]))
    import_all(sys.argv[1])
    (serve_several if given.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) else serve)(given)
