"""`python -m tests.mutants [PART ...]` tries the mutants of the judging core, and prints the score of each file.

PART is a piece of a path or of a function's name: `analysis/`, `rules/order` or `Reading.watched`. What is known is
kept in `build/mutants.json`: an interrupted run goes on where it was as long as neither code nor tests have changed,
`--survivors` tries again what survived the last. Why a guard survives without which nothing would be otherwise is
written in `tests/mutants/equivalent.toml`: a guard that survives without a reason there fails the run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import sys
import time
import tomllib
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.mutants.trying import KILLED, Mutant, Trial, mutants_of
from tests.running import ROOT

PACKAGES = ("conformance/analysis", "conformance/judge", "conformance/rules")
NOT_MUTATED = ("conformance/analysis/script.py", "conformance/judge/rule.py")
"""The notation of scripts and the folder of rules: what tests are written in."""
TESTS = ("tests/unit/analysis", "tests/unit/judge", "tests/unit/rules")
NOT_RUN = ("tests/unit/analysis/test_judging_cost.py",)
"""It compares times, which say nothing of a mutant."""
LEAST_KILLED = 0.85
EQUIVALENT = Path(__file__).with_name("equivalent.toml")
"""Why guards survive that change nothing, by the keys of their mutants."""
RESULTS = ROOT / "build" / "mutants.json"
SAVED_EVERY = 50


def main() -> int:
    """Try them and print the score; 1 where too few were killed, or a guard survives that nothing explains."""
    chosen, began_s = _arguments(), time.monotonic()
    files = [
        path
        for package in PACKAGES
        for path in sorted((ROOT / package).glob("*.py"))
        if str(path.relative_to(ROOT)) not in NOT_MUTATED
    ]
    made = [mutant for path in files for mutant in mutants_of(path)]
    wanted = [one for one in made if not chosen.part or any(part in one.key for part in chosen.part)]
    wanted = [one for one in wanted if one.guard or not chosen.guards]
    wanted = [one for one in wanted if _number(one.key) % chosen.one_of == 0]
    if not wanted:
        print(
            f"no mutant has {' or '.join(map(repr, chosen.part))} in its name, such as {made[0].key!r}", file=sys.stderr
        )
        return 2
    hashes = {one: hashlib.sha256((ROOT / one).read_bytes()).hexdigest() for one in _inputs()}
    results = _Results(hashes)
    done = results.known(chosen.survivors)
    left = [one for one in wanted if one.key not in done]
    print(f"{len(wanted)} mutants, {len(left)} to be tried", flush=True)
    trial = Trial(files=files, mutants=left, jobs=chosen.jobs, version=_versions(hashes), found=results.add)
    ignored = [f"--ignore={path}" for path in NOT_RUN]
    arguments = ["--override-ini=addopts=", "-qq", "-s", "-p", "no:cacheprovider", "-p", "no:xdist", *ignored, *TESTS]
    code = pytest.main(arguments, plugins=[trial])
    results.save()
    cpu_s = sum(resource.getrusage(who)[0] for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"{results.tried} were tried in {time.monotonic() - began_s:.0f} s, and {cpu_s:.0f} s of CPU time")
    for name in trial.failed:
        print(f"left out, since it fails without any mutant: {name}", file=sys.stderr)
    if code == pytest.ExitCode.INTERRUPTED:
        print("interrupted: the next run goes on from here", file=sys.stderr)
        return 130
    if code:
        print(f"no mutant was tried: pytest exits with {int(code)}", file=sys.stderr)
        return 2
    return _print(wanted, results.of)


class _Results:
    """What became of each mutant, in a file."""

    def __init__(self, hashes: dict[str, str]) -> None:
        self.hashes = hashes
        self.of: dict[str, tuple[str, str]] = {}
        self.unsaved = 0
        self.tried = 0

    def known(self, survivors: bool) -> set[str]:
        """Those that need not be tried again."""
        saved: dict[str, Any] = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
        before = saved.get("hashes", {})
        for key, (outcome, test) in saved.get("mutants", {}).items():
            path = key.partition("::")[0]
            if before == self.hashes or (survivors and before.get(path) == self.hashes.get(path) and outcome == KILLED):
                self.of[key] = outcome, test
        return set(self.of)

    def add(self, mutant: Mutant, outcome: str, test: str) -> None:
        self.of[mutant.key] = outcome, test
        self.unsaved += 1
        self.tried += 1
        if self.unsaved >= SAVED_EVERY:
            self.save()

    def save(self) -> None:
        self.unsaved = 0
        RESULTS.parent.mkdir(exist_ok=True)
        whole = RESULTS.with_suffix(".part")
        whole.write_text(json.dumps({"hashes": self.hashes, "mutants": self.of}, indent=0), "utf-8")
        whole.replace(RESULTS)


def _inputs() -> list[str]:
    """The files on which the results depend."""
    folders = ("conformance", "contracts", "tests/unit")
    return sorted(str(path.relative_to(ROOT)) for folder in folders for path in (ROOT / folder).rglob("*.py"))


def _number(key: str) -> int:
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8])


def _versions(hashes: dict[str, str]) -> Callable[[Path], str]:
    """What a file of tests and everything but the other files of tests are like."""
    common = "".join(found for path, found in hashes.items() if not Path(path).name.startswith("test_"))

    def version(path: Path) -> str:
        return hashlib.sha256((common + hashes[str(path.relative_to(ROOT))]).encode()).hexdigest()[:12]

    return version


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("part", nargs="*", help="a piece of a path or of a function's name; default: all")
    parser.add_argument(
        "--guards", action="store_true", help="only conditions under which a function ends or leaves out"
    )
    parser.add_argument(
        "--one-of", type=_positive, default=1, metavar="N", help="a sample: one mutant of N, always the same"
    )
    parser.add_argument("--survivors", action="store_true", help="try again only what the last run did not notice")
    parser.add_argument("--jobs", type=_positive, default=os.cpu_count() or 1, help="mutants at a time (%(default)s)")
    return parser.parse_args()


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, got {text!r}")
    return int(text)


def equivalent() -> dict[str, str]:
    """Why each guard survives that is known to change nothing."""
    return {key: " ".join(why.split()) for key, why in tomllib.loads(EQUIVALENT.read_text("utf-8")).items()}


def _print(made: list[Mutant], results: dict[str, tuple[str, str]]) -> int:
    """The survivors that nothing explains, then a table; a mutant that no test runs is a survivor."""
    explained, open_guards = equivalent(), 0
    files: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for mutant in made:
        if mutant.key not in results:
            continue
        outcome = results[mutant.key][0]
        for row in (files[mutant.path], files[str(Path(mutant.path).parent)], files["all"]):
            row[0] += outcome == KILLED
            row[1] += 1
            row[2] += mutant.guard and outcome == KILLED
            row[3] += mutant.guard
        if outcome != KILLED and mutant.key not in explained:
            open_guards += mutant.guard
            mark = "guard " if mutant.guard else ""
            print(f"{mark}{outcome}: {mutant.path}:{mutant.line} {mutant.function}: {mutant.name}")
    print(f"\n{'killed':>15} {'':>6} {'guards':>11}")
    for path, (killed, count, guards, all_guards) in sorted(
        files.items(), key=lambda row: (row[0].endswith(".py"), row)
    ):
        print(f"{killed:6} of {count:5} {killed / count:6.1%} {guards:4} of {all_guards:3}  {path}")
    killed, count = files["all"][:2]
    noticed = sorted(key for key in explained if results.get(key, ("", ""))[0] == KILLED)
    for key in noticed:
        print(f"explained as changing nothing, and noticed all the same: {key}")
    print(f"at least {LEAST_KILLED:.0%} have to be killed, and every guard that {EQUIVALENT.name} does not explain")
    return int(killed < LEAST_KILLED * count or bool(open_guards or noticed))


if __name__ == "__main__":
    raise SystemExit(main())
