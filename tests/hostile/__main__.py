"""Plays every row and prints docs/robustness.md; exits with 1 where one does not end as it has to.

python -m tests.hostile [WORD]: only the rows whose step or misbehaviour has that word.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.hostile.play import MOST_MB, MOST_S, SELECT, SERVING_S, faults, hosted, played
from tests.hostile.rows import ROWS

SELECTED = ", ".join(f"`{name}`" for name in SELECT)

HEAD = f"""# Hostile servers

`make hostile` plays a check against each of these {len(ROWS)} servers and prints this table: what the server does, the
first line of what the check says, its exit code, the seconds that it took and the peak of its memory in MB. Each check
runs with `--timeout 1` and the rules {SELECTED}, and has to end within {MOST_MB} MB and {MOST_S:g} s, or {SERVING_S:g} s
where sockets connect and the service goes on serving.

| step | the server | the check says | code | s | MB |
|---|---|---|---|---|---|
"""


def main(word: str) -> int:
    wrong = 0
    print(HEAD, end="")
    with hosted() as (urls, authority), TemporaryDirectory() as folder:
        for row in ROWS:
            if word in f"{row.step} {row.what}":
                got = played(row, urls[row.what], authority, Path(folder) / "journal.ndjson")
                says = got.says.replace("|", "\\|")
                print(f"| {row.step} | {row.what} | {says} | {got.code} | {got.took_s:.1f} | {got.peak_mb:.0f} |")
                sys.stdout.flush()
                for fault in faults(row, got):
                    wrong += 1
                    print(f"{row.what}: {fault}", file=sys.stderr, flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:])))
