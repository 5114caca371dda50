"""`make fuzz`: many cases for each parser, in a process of its own; by coverage, too, where atheris is installed.

    python -m tests.fuzzing [--cases N] [--seed N] [PARSER...]
    python -m tests.fuzzing PARSER --file build/fuzz/PARSER     plays one input again

An input that goes wrong is kept in `build/fuzz`; the exit code is 1 then.
"""

import argparse
import importlib.util
import multiprocessing
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.fuzzing.play import one
from tests.fuzzing.targets import TARGETS
from tests.fuzzing.ways import covered, generated


def main(words: Sequence[str]) -> int:
    """Fuzz what was asked for; 1 where anything went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing")
    parser.add_argument("parsers", nargs="*", metavar="PARSER", help=", ".join(TARGETS))
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--file", type=Path)
    asked = parser.parse_args(words)
    if unknown := set(asked.parsers) - set(TARGETS):
        parser.error(f"there is no parser {', '.join(unknown)}; there are {', '.join(TARGETS)}")
    if asked.file:
        print("refused" if one(TARGETS[asked.parsers[0]], asked.file.read_bytes()) else "read")
        return 0
    ways = [generated]
    if importlib.util.find_spec("atheris") is not None:
        ways.append(covered)
    else:
        print("atheris is not installed: inputs are generated, and coverage is not followed")
    failed = []
    fresh = multiprocessing.get_context("spawn")  # Memory and imports of one parser are no other's.
    for name in asked.parsers or TARGETS:
        for way in ways:
            begin_s = time.monotonic()
            process = fresh.Process(target=way, args=(name, asked.cases, asked.seed))
            process.start()
            process.join()
            if process.exitcode:
                failed.append(f"{name} ({way.__name__})")
            elif way is covered:
                print(f"{name}: {asked.cases} cases by coverage, {time.monotonic() - begin_s:.0f} s", flush=True)
    print(f"failed: {', '.join(failed)}" if failed else "every parser read or refused every case")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
