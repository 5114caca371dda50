"""What judging costs: transcripts of one check of the SOS service, as often as makes 100,000 entries, and half of it.

Judging is linear where the whole takes about twice as long as the half.
"""

from __future__ import annotations

import gc
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.check import KEY, served  # noqa: E402 - the project may not be installed

ENTRIES_COUNT = 100_000
MOST_S = 5.0
MOST_RATIO = 2.5


def main() -> int:
    """Measure and print; the exit code says whether the bounds are kept."""
    from conformance.engine.check import CheckRequest, check
    from conformance.journal.records import Played, Record
    from conformance.judge.judge import judge
    from conformance.judge.rule import rules
    from conformance.support.event_loop import on_uvloop
    from conformance.target.resolve import of_embedded
    from contracts.load import load

    bundle, records = load("sos"), list[Record]()
    with served() as url:
        order = CheckRequest(bundle=bundle, target=of_embedded(url, KEY), rules=rules())
        on_uvloop(check(order, records.append), quiet=True)
    played = [record.transcript for record in records if isinstance(record, Played)]
    once = sum(len(transcript.entries) for transcript in played)
    gc.set_threshold(100_000, 50, 50)  # As commands do.
    judge(bundle, played, rules())
    took: list[float] = []
    for times in (ENTRIES_COUNT // once // 2, ENTRIES_COUNT // once):
        began_s = time.process_time()
        judge(bundle, played * times, rules())
        took.append(time.process_time() - began_s)
        print(f"{once * times:8,} entries in {len(played) * times:5,} acts are judged in {took[-1]:6.2f} CPU s")
    half_s, whole_s = took
    print(f"twice as much takes {whole_s / half_s:4.2f} times as long (at most {MOST_RATIO:g}); at most {MOST_S:g} s")
    return 0 if whole_s <= MOST_S and whole_s <= MOST_RATIO * half_s else 1


if __name__ == "__main__":
    raise SystemExit(main())
