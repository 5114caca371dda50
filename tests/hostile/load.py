"""Plays `roomcheck load` to hostile servers, with all of its processes."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from tests.hostile.play import MOST_MB
from tests.hostile.row import Row
from tests.hostile.rows import ROWS
from tests.hostile.sos import ROWS as SOS_ROWS
from tests.running import HANG_S, ROOT, clean_environment

RUN_S = 2
CROWD_USERS, CROWD_SOCKETS = 20, 50
CROWDED = (
    "sends a message of 60 MB", "sends fragments without end", "sends empty fragments without end", "sends an event of 2 MB",
    "sends events of 100 kB without end", "sends events without end", "answers calls of a load with chunks without end",
)  # fmt: skip
"""Rows that are played to a load of a thousand sockets, for what it takes of memory."""

UNREACHED = "unreachable: none of # attempts to connect succeeded"
CUT_OFF = "cannot tell: Roomcheck ended # connections (the service sends without end: # packets on one socket)"
LOADED = {
    "nothing listens": (3, f"{UNREACHED} (the connection was refused)"),
    "takes connections and says nothing": (3, f"{UNREACHED} (no connection within #.# s, when the run was over)"),
    "shows an expired certificate": (
        3, f"{UNREACHED} (the certificate of the service is not trusted: certificate has expired)"
    ),
    "redirects": (
        3, f"{UNREACHED} (the websocket handshake was answered with #: it redirects to https://elsewhere.example/socket.io/; "
        "Socket.IO clients follow no redirect: use the URL that the service itself has)"
    ),
    "opens with a text for pingInterval": (1, "broken: # contract_failed"),
    "sends a masked frame": (
        3, f"{UNREACHED} (the service sent an invalid websocket frame: Received masked frame from server, RFC # section "
        "#.# forbids this)"
    ),
    "sends fragments without end": (4, CUT_OFF),
    "refuses the namespace with a text": (
        4, "cannot tell: the service refused every connection (# of them), so nothing was verified: does it want a token "
        "(--token, --jwt-key or --target)? (the service refused the connection: no)"
    ),
    "sends events without end": (4, CUT_OFF),
}  # fmt: skip
"""Rows that a load is played to: its exit code and the first line of its verdict, in which `#` is a number."""

SAMPLE = ("opens with a text for pingInterval", "answers calls of a load with JSON nested 100,000 deep")
"""Those that `make test` plays."""

LOAD_ROWS = [row for row in ROWS if row.what in LOADED] + SOS_ROWS
LIMITED = 4
DRAIN_S = 45.0
"""What a run may take beyond `-t`: to start (a few seconds on a busy machine), for calls under way (11 s), for what is
owed (21 s, `drain_s`), and to end."""


CROWD_ROWS = [row for row in (*ROWS, *SOS_ROWS) if row.what in CROWDED]


@dataclass(frozen=True, slots=True)
class Played:
    code: int
    says: str
    took_s: float
    peak_mb: float
    """Of the largest of its processes."""
    left: list[str]
    """Programs that were not ended, and lines that no person was meant to see."""


def expected(row: Row) -> tuple[int, str]:
    """The exit code and the first line of the verdict."""
    return LOADED.get(row.what, (row.code, row.says))


MEASURE = """
import os, sys
pid = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(pid, 0)
os.write(int(sys.argv[1]), f"{status} {usage.ru_maxrss}".encode())
"""
"""Starts a program and tells its status and peak. Linux counts the peak of who starts it in: that has to be small."""


def played_by_load(row: Row, url: str, authority: Path, users: int = 2, sockets: int = 5) -> Played:
    """Run a load for two seconds, of ten sockets where no other number is asked for."""
    words = [
        sys.executable,
        "-m",
        "cli",
        "load",
        url,
        "-u",
        str(users),
        "--sockets-per-user",
        str(sockets),
        "-t",
        f"{RUN_S}s",
        "Chat",
        "--chat-rate",
        "10",
    ]
    environment = clean_environment() | {"COLUMNS": "1000", "SSL_CERT_FILE": str(authority)}
    began_s = time.monotonic()
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        reading, writing = os.pipe()
        run = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", MEASURE, str(writing), *words], cwd=ROOT, env=environment, stdout=out,
            stderr=err, start_new_session=True, pass_fds=[writing],
        )  # fmt: skip
        os.close(writing)
        watchdog = threading.Timer(HANG_S, os.killpg, (run.pid, signal.SIGKILL))
        watchdog.start()
        run.wait()
        took_s = time.monotonic() - began_s
        watchdog.cancel()
        with os.fdopen(reading) as told:
            status, peak_kb = map(int, told.read().split())
        said = [Path(f"/proc/self/fd/{file.fileno()}").read_text().splitlines() for file in (out, err)]
    left = [f"process {pid}" for pid in _group(run.pid)]
    if left:
        os.killpg(run.pid, signal.SIGKILL)
    left += [line for line in said[1] if "Traceback" in line or "never retrieved" in line or "WS parser" in line]
    lines = [line.rstrip() for line in said[0] if line.strip()]
    return Played(os.waitstatus_to_exitcode(status), masked(lines[-1] if lines else ""), took_s, peak_kb / 1024, left)


def played_by_crowd(row: Row, url: str, authority: Path) -> Played:
    """Run a load of a thousand sockets."""
    return played_by_load(row, url, authority, CROWD_USERS, CROWD_SOCKETS)


def faults_of_crowd(row: Row, got: Played) -> list[str]:
    """What is not within the bounds; what a thousand sockets come to first is not always the same."""
    found = [f"load exits with {got.code}"] if got.code not in (1, 3, 4) else []
    found += [f"load took {got.took_s:.1f} s"] if got.took_s > RUN_S + DRAIN_S else []
    found += [f"load took {got.peak_mb:.0f} MB"] if got.peak_mb > MOST_MB else []
    return found + [f"load left {one}" for one in got.left]


def masked(line: str) -> str:
    """A line with `#` for each number."""
    return re.sub(r"\d+", "#", line)


def _group(group: int) -> list[int]:
    """The processes that are still in a process group."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, at = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(at) == group and state != "Z":
            found.append(int(stat.parent.name))
    return found


def faults_of_load(row: Row, got: Played) -> list[str]:
    """What of a row is not as it has to be."""
    code, says = expected(row)
    if got.code == LIMITED and got.says.startswith("generator-limited: "):
        return [f"load left {one}" for one in got.left]  # On a machine that is busy besides, it says so.
    found = [f"load exits with {got.code}, expected {code}"] if got.code != code else []
    is_so = got.says.startswith(says[:-1]) if says.endswith("…") else got.says == says
    found += [] if is_so else [f"load says {got.says!r}, expected {says!r}"]
    found += [f"load took {got.took_s:.1f} s"] if got.took_s > RUN_S + DRAIN_S else []
    found += [f"load took {got.peak_mb:.0f} MB"] if got.peak_mb > MOST_MB else []
    return found + [f"load left {one}" for one in got.left]
