"""Whether a check costs more CPU than at another commit: both check the same service, by turns.

    python benchmarks/against.py COMMIT

The other commit is unpacked into a temporary folder. Its checks and ours alternate, so that a busy machine holds up
both; of each the fastest counts. Only the process that checks is measured, after its imports.
"""

from __future__ import annotations

import io
import statistics
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.check import KEY, served  # noqa: E402 - the project may not be installed

TURNS = 5
MOST_RATIO = 1.1
"""What CPU seconds of equal work differ by from run to run."""

CHECK = """
import sys, time
from conformance.engine.check import CheckRequest, check
from conformance.judge.rule import rules
from conformance.support.event_loop import on_uvloop
from conformance.target.resolve import of_embedded
from contracts.load import load

order = CheckRequest(bundle=load("sos"), target=of_embedded(sys.argv[1], sys.argv[2]), rules=rules())
on_uvloop(check(order, lambda record: None), quiet=True)
began_s = time.process_time()
on_uvloop(check(order, lambda record: None), quiet=True)
print(time.process_time() - began_s)
"""


def unpacked(commit: str, folder: Path) -> Path:
    """The tree of a commit."""
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as tree:
        tree.extractall(folder, filter="data")
    return folder


def cpu_s(tree: Path, url: str) -> float:
    """CPU seconds of one check by the code of a tree."""
    words = [sys.executable, "-c", CHECK, url, KEY]
    return float(subprocess.run(words, cwd=tree, check=True, capture_output=True, text=True).stdout)


def main(commit: str) -> int:
    """Measure and print; the exit code says whether a check costs no more."""
    with tempfile.TemporaryDirectory() as folder, served() as url:
        other = unpacked(commit, Path(folder))
        pairs = [(cpu_s(other, url), cpu_s(ROOT, url)) for _ in range(TURNS)]
    before_s, now_s = (min(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(now / before for before, now in pairs)
    print(f"CPU of a full check at {commit[:9]:<12} {before_s:8.2f} s")
    print(f"CPU of a full check now             {now_s:8.2f} s")
    print(f"ratio, the median of {len(pairs)} pairs       {ratio:8.2f}     (at most {MOST_RATIO:g})")
    return 0 if ratio <= MOST_RATIO else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
