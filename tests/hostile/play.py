"""Plays rows: a check of each server in this process, by the command's own function."""

import contextlib
import io
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from conformance.commands.check import CheckOptions, run
from conformance.journal.records import Footer, Journal
from conformance.model.exit_code import Exit
from conformance.model.verdict import Outcome
from conformance.support.errors import Unreachable, UsageError
from conformance.target.resolve import TargetOptions
from tests.hostile.peak import peak_mb, reset_peak, starved_s
from tests.hostile.row import Row
from tests.hostile.rows import HOSTED

CONTRACTS = Path(__file__).parent / "contracts"
TIMEOUT_S = 1.0
MOST_S = 11.0
"""How long a check of a target that does not work may take."""

WHOLE_MOST_S = 15.0
"""How long it may take without `--timeout`."""

WHOLE = (
    "nothing listens", "takes connections and says nothing", "takes TLS connections and says nothing",
    "begins an answer and stops", "sends a header letter by letter", "opens with no packet",
    "sends empty fragments without end", "answers no connection to the namespace",
    "answers the connection by an unknown packet", "sends events without end", "sends events of 100 kB without end",
    "answers nobody from the first broadcast on", "acknowledges nothing", "acknowledges without end", "answers no call",
    "answers each call with 503", "answers each call with 100 MB", "answers each call with chunks without end",
    "answers each call with broken JSON", "answers each call with JSON nested 100,000 deep",
    "announces 999,999 attachments",
)  # fmt: skip
"""Rows that are played to a check of all rules, with the deadlines of the contracts: targets that do not work."""

MOST_MB = 300
SELECT = ("socket-connects", "connection-stays-open", "frames-can-be-parsed", "calls-answer-as-documented")
"""Rules that see each of the steps: a row costs what few acts cost."""

ORDER = (Outcome.ERROR, Outcome.FAIL, Outcome.INCONCLUSIVE)


@dataclass(frozen=True, slots=True)
class Played:
    code: int
    says: str
    took_s: float
    starved_s: float
    """Of this, for how long it was ready to run and had no CPU."""
    peak_mb: float


@contextlib.contextmanager
def hosted() -> Iterator[tuple[dict[str, str], Path]]:
    """The addresses of all rows, and the file of the authority."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.hostile.host"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as program:
        assert program.stdout is not None
        assert program.stdin is not None
        told = json.loads(program.stdout.readline())
        try:
            yield dict(zip((row.what for row in HOSTED), told["urls"], strict=True)), Path(told["authority"])
        finally:
            program.stdin.close()


def played(row: Row, url: str, authority: Path, journal: Path, *, whole: bool = False) -> Played:
    """Check the server of a row. The journal is read back, whatever happened.

    Args:
        whole: by all rules, and with the deadlines of the contracts.
    """
    timeout_s = None if whole else TIMEOUT_S
    wish = TargetOptions(url=url, contracts=str(CONTRACTS), timeout_s=timeout_s, ca_file=authority if row.tls else None)
    ask = CheckOptions(wish=wish, select=() if whole else SELECT, transport=row.transport, journal=journal)
    reset_peak()
    began_s, before_s = time.monotonic(), starved_s()
    try:
        made = run(ask, Console(file=io.StringIO()), quiet=True)
    except Unreachable as error:
        code, says = int(Exit.UNREACHABLE), str(error)
    except UsageError as error:
        code, says = int(Exit.USAGE), str(error)
    else:
        code, says = told(made)
    took_s = time.monotonic() - began_s
    footer = json.loads(journal.read_bytes().splitlines()[-1])
    assert footer["exit_code"] == code
    return Played(code, says.splitlines()[0].replace(url, "{url}"), took_s, starved_s() - before_s, peak_mb())


def told(made: Journal) -> tuple[int, str]:
    """The exit code of a check, and what a person reads first: why it ended, or its worst verdict."""
    footer = made.footer
    assert isinstance(footer, Footer)
    worst = sorted((v for v in made.verdicts if v.outcome in ORDER), key=lambda verdict: ORDER.index(verdict.outcome))
    lines = [*made.notes, *(f"{verdict.rule}: {verdict.message}" for verdict in worst), footer.why]
    return footer.exit_code, next(filter(None, lines), "holds")


def wholly_played(row: Row, url: str, authority: Path, journal: Path) -> Played:
    """Check the server of a row by all rules."""
    return played(row, url, authority, journal, whole=True)


def faults_of_whole(row: Row, got: Played) -> list[str]:
    """What is not within the bounds of a whole check."""
    found = [] if got.code in (1, 3, 4) else [f"exit code {got.code} of a whole check"]
    found += [f"a whole check took {got.took_s:.1f} s"] if got.took_s - got.starved_s > WHOLE_MOST_S else []
    return found + ([f"{got.peak_mb:.0f} MB in a whole check"] if got.peak_mb > MOST_MB else [])


def faults(row: Row, got: Played) -> list[str]:
    """What of a row is not as it has to be."""
    found = [f"exit code {got.code}, expected {row.code}"] if got.code != row.code else []
    found += [] if got.says.startswith(row.says) else [f"says {got.says!r}, expected {row.says!r}"]
    found += [f"took {got.took_s:.1f} s"] if got.took_s - got.starved_s > MOST_S else []
    return found + ([f"{got.peak_mb:.0f} MB"] if got.peak_mb > MOST_MB else [])
