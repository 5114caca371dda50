"""Plays `roomcheck doctor` to hostile servers, in this process."""

import io
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from conformance.commands.doctor import doctor
from conformance.support.errors import Unreachable, UsageError
from conformance.target.resolve import TargetOptions
from tests.hostile.peak import peak_mb, reset_peak, starved_s
from tests.hostile.play import CONTRACTS, MOST_MB, MOST_S, TIMEOUT_S
from tests.hostile.row import Row
from tests.hostile.rows import ROWS

EXAMINED = {
    "is honest": (4, ""),
    "nothing listens": (3, "broken reaches nothing answers at {url}: connection refused"),
    "takes connections and says nothing": (3, "broken reaches {url} did not answer within 5 s over websocket"),
    "shows an expired certificate": (3, "broken reaches {url} shows a TLS certificate that is not valid: certificate"),
    "redirects": (3, "broken reaches {url}/socket.io/ redirects to https://elsewhere.example/socket.io/ (302)"),
    "answers 503": (3, "broken reaches {url}/socket.io/ gave no Engine.IO 4 handshake over websocket: got 503"),
    "refuses with a gzip bomb": (3, "broken reaches {url}/socket.io/ gave no Engine.IO 4 handshake over websocket: got 404"),
    "opens with a text for pingInterval": (
        3, "broken reaches {url}/socket.io/ sent a broken Engine.IO handshake over websocket: expected milliseconds"
    ),
    "sends noops without end": (3, "broken reaches {url}/socket.io/ sent more than Roomcheck takes"),
    "confirms with a number for a session id": (1, "broken connects"),
    "answers no connection to the namespace": (1, "broken connects"),
    "acknowledges nothing": (4, ""),
    "answers no call": (4, ""),
    "answers each call with a gzip bomb": (4, ""),
}  # fmt: skip
"""The exit code, and how the first line begins that says what is broken; empty where none does. 4 is that of a target of
which no settings say how tokens and room names are to be seen."""

DOCTOR_ROWS = [row for row in ROWS if row.what in EXAMINED]


@dataclass(frozen=True, slots=True)
class Played:
    code: int
    says: str
    took_s: float
    starved_s: float
    """Of this, for how long it was ready to run and had no CPU."""
    peak_mb: float


def played_by_doctor(row: Row, url: str, authority: Path) -> Played:
    """Examine the server of a row."""
    wish = TargetOptions(url=url, contracts=str(CONTRACTS), timeout_s=TIMEOUT_S, ca_file=authority if row.tls else None)
    out = io.StringIO()
    reset_peak()
    began_s, before_s = time.monotonic(), starved_s()
    try:
        code = doctor(wish, row.transport, Console(file=out, width=10_000), verbose=False)
    except (Unreachable, UsageError) as error:
        code = -1
        out.write(f"{type(error).__name__}: {error}")
    took_s = time.monotonic() - began_s
    lines = (" ".join(line.split()) for line in out.getvalue().splitlines())
    says = next((line.replace(url, "{url}") for line in lines if line.startswith("broken")), "")
    return Played(code, says, took_s, starved_s() - before_s, peak_mb())


def faults_of_doctor(row: Row, got: Played) -> list[str]:
    """What of a row is not as it has to be."""
    code, says = EXAMINED[row.what]
    found = [f"doctor exits with {got.code}, expected {code}"] if got.code != code else []
    is_so = got.says.startswith(says) if says else not got.says
    found += [] if is_so else [f"doctor says {got.says!r}, expected {says!r}"]
    found += [f"doctor took {got.took_s:.1f} s"] if got.took_s - got.starved_s > MOST_S else []
    return found + ([f"{got.peak_mb:.0f} MB in doctor"] if got.peak_mb > MOST_MB else [])
