"""Mutants of the judging core: what its unit tests would not notice if it were written otherwise.

`python -m tests.mutants` makes them with mutmut and runs the tests that cover each; `mutmut show NAME` shows one that
survived. mutmut leaves functions with decorators and constants of modules as they are.
"""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.running import ROOT

FOLDER = ROOT / "mutants"
LEAST_KILLED = 0.85
KILLED = (1, 3, 36, 24, -24, 152, 255)
"""Exit codes of a test run that noticed: failed, raised inside pytest, or did not end."""
NOT_RUN = (None, 34)


def killed(codes: dict[str, int | None]) -> tuple[Counter[str], list[str]]:
    """(how many were killed and how many were made, by package; the names of those that survived)."""
    counts: Counter[str] = Counter()
    survivors = []
    for name, code in codes.items():
        if code in NOT_RUN:
            continue
        package = name.split(".")[1]
        counts[f"{package} made"] += 1
        counts[f"{package} killed"] += code in KILLED
        survivors += [] if code in KILLED else [name]
    return counts, survivors


def main() -> int:
    """Make all of them anew, run them, and print the score; 1 where too few were killed."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    words = [str(Path(sys.executable).with_name("mutmut")), "run", "--max-children", str(os.cpu_count() or 1)]
    code = subprocess.run(words, cwd=ROOT, check=False).returncode
    if code:
        return code
    codes = {
        name: found
        for path in sorted(FOLDER.rglob("*.meta"))
        for name, found in json.loads(path.read_text("utf-8"))["exit_code_by_key"].items()
    }
    counts, survivors = killed(codes)
    print("", *survivors, sep="\n")
    made = {key.removesuffix(" made") for key in counts if key.endswith(" made")}
    for package in sorted(made):
        share = counts[f"{package} killed"] / counts[f"{package} made"]
        print(f"{package}: {counts[f'{package} killed']} of {counts[f'{package} made']} killed ({share:.1%})")
    total = sum(counts[f"{package} made"] for package in made)
    share = (total - len(survivors)) / total
    print(f"all: {total - len(survivors)} of {total} killed ({share:.1%}); at least {LEAST_KILLED:.0%} have to be")
    return int(share < LEAST_KILLED)


if __name__ == "__main__":
    raise SystemExit(main())
