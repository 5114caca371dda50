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
import traceback
from collections.abc import Sequence
from pathlib import Path

from tests.fuzzing.cases import MOST_BYTES, cases
from tests.fuzzing.play import MOST_S, Fault, one, play
from tests.fuzzing.targets import TARGETS
from tests.running import ROOT

KEPT = ROOT / "build" / "fuzz"
PACKAGES = ["contracts", "conformance", "loadtests"]


def generated(name: str, count: int, seed: int) -> None:
    """Cases that are made from the structure of valid ones; ends the process with 1 at the first fault."""
    target = TARGETS[name]
    try:
        made = play(target, cases(target.seeds(), target.words, count, seed))
    except Fault as fault:
        print(f"{name}: {fault}\n  kept in {keep(name, fault.case)}", flush=True)
        traceback.print_exception(fault.__cause__)
        sys.exit(1)
    print(f"{name}: {made.count} cases, {made.refused} refused, the slowest {made.slowest_s:.2f} s of CPU", flush=True)


def covered(name: str, count: int, seed: int) -> None:
    """Cases that are changed by what code they reach; libFuzzer ends the process."""
    import atheris

    with atheris.instrument_imports(include=PACKAGES):
        from tests.fuzzing.targets import TARGETS as FOLLOWED

    folder = KEPT / "corpus" / name.replace(" ", "-")
    folder.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(FOLLOWED[name].seeds()):
        (folder / f"seed-{number}").write_bytes(text)
    words = [sys.argv[0], f"-runs={count}", f"-seed={seed + 1}", f"-max_len={MOST_BYTES // 20}", f"-timeout={int(MOST_S)}",
             "-rss_limit_mb=1024", "-print_final_stats=0", "-verbosity=0", f"-artifact_prefix={KEPT}/", str(folder)]  # fmt: skip
    atheris.Setup(words, lambda text: one(FOLLOWED[name], text))
    atheris.Fuzz()


def keep(name: str, case: bytes) -> Path:
    """Write down an input that went wrong."""
    KEPT.mkdir(parents=True, exist_ok=True)
    path = KEPT / name.replace(" ", "-")
    path.write_bytes(case)
    return path


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
