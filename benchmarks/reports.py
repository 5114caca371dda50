"""What a report of 100,000 verdicts costs, each format in a process of its own; reading the journal is the baseline."""

from __future__ import annotations

import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from conformance.journal.records import encode, read
from reports import formats, renderer
from tests.records import many

ROOT = Path(__file__).parent.parent
VERDICTS = 100_000


def measured(path: Path, name: str) -> None:
    """In a process of its own: seconds to read and to render, bytes, and the most memory that was held."""
    began_s = time.monotonic()
    journal = read(path)
    read_s = time.monotonic() - began_s
    text = renderer(name)([journal]) if name != "nothing" else ""
    whole_s = time.monotonic() - began_s
    print(
        read_s,
        whole_s,
        len(text.encode("utf-8", "backslashreplace")),
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    )


def main() -> None:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "many.ndjson"
        made = many(VERDICTS)
        path.write_bytes(b"".join(encode(one) + b"\n" for one in (made.header, *made.verdicts, made.footer) if one))
        print(f"{platform.machine()}, Python {platform.python_version()}: {VERDICTS:,} verdicts\n")
        print("| format | seconds | MB written | MB of memory |")
        print("|---|---:|---:|---:|")
        for name in ("nothing", *formats()):
            words = [sys.executable, "-m", "benchmarks.reports", str(path), name]
            said = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
            head = "baseline: the journal is read" if name == "nothing" else name
            print(f"| {head} | {float(said[1]):.1f} | {int(said[2]) / 1e6:.1f} | {int(said[3]) / 1024:.0f} |")


if __name__ == "__main__":
    measured(Path(sys.argv[1]), sys.argv[2]) if len(sys.argv) > 1 else main()
