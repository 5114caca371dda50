"""Whether a check always says the same: many runs in a row against each honest implementation.

    python benchmarks/steady.py [RUNS]

Prints, for the reference service, for the Node peer, and for two nodes of it on a Redis of their own, how many
different sets of verdicts there were.
"""

from __future__ import annotations

import contextlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

KEY = "a key for the benchmark alone, which is long enough"
RUNS = 50
REFERENCE = [sys.executable, "-m", "cli", "serve", "--port", "0", "--jwt-key", KEY, "--admin"]
PEER = ["node", "tests/peers/node/server.js", "--port", "0", "--jwt-key", KEY]


@contextlib.contextmanager
def served(words: list[str]) -> Iterator[str]:
    """A service in a process of its own; its URL."""
    program = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert program.stdout is not None
    try:
        line = program.stdout.readline()
        yield json.loads(line)["url"] if line.startswith("{") else line.split()[2].rstrip(",")
    finally:
        program.kill()
        program.wait()


@contextlib.contextmanager
def alone(words: list[str], folder: Path) -> Iterator[list[str]]:
    """One service: the words that name it to a check."""
    with served(words) as url:
        yield [url, "--jwt-key", KEY, "--admin"]


@contextlib.contextmanager
def on_redis(words: list[str], folder: Path) -> Iterator[list[str]]:
    """Two nodes on Redis: the words that name them to a check."""
    from tests.deploying import redis
    from tests.running import settings

    with contextlib.ExitStack() as stack:
        redis_url, _ = stack.enter_context(redis(folder))
        urls = [stack.enter_context(served([*words, "--redis", redis_url])) for _ in range(2)]
        auth = {"kind": "jwt", "key": KEY}
        path = settings(folder, realtime_urls=urls, auth=auth, observers={"redis_url": redis_url})
        yield ["--target", "it", "--settings", str(path)]


SERVICES = {
    "reference service": (alone, REFERENCE),
    "Node peer": (alone, [*PEER, "--admin"]),
    "two nodes on Redis": (on_redis, PEER),
}


def verdicts(aim: list[str], path: Path, transport: str) -> tuple[str, ...]:
    """Each verdict of one run as rule, subject, outcome."""
    words = [sys.executable, "-m", "cli", "check", *aim, "--quiet", "--transport", transport]
    subprocess.run([*words, "--report", f"json={path}"], cwd=ROOT, check=False, stdout=subprocess.DEVNULL)
    report = json.loads(path.read_text())
    return tuple(f"{v['rule']} / {v['subject']}: {v['outcome']}" for v in report["verdicts"])


def main(runs: int) -> int:
    """Run and print; the exit code says whether every run said the same."""
    steady = True
    with tempfile.TemporaryDirectory() as folder:
        for name, (started, words) in SERVICES.items():
            for transport in ("websocket", "all"):
                count = runs if transport == "websocket" else max(1, runs // 5)
                seen: Counter[tuple[str, ...]] = Counter()
                times = []
                with started(words, Path(folder)) as aim:
                    for _ in range(count):
                        began_s = time.perf_counter()
                        seen[verdicts(aim, Path(folder) / "report.json", transport)] += 1
                        times.append(time.perf_counter() - began_s)
                usual = seen.most_common(1)[0][0]
                other = [line for line in usual if not line.endswith(": pass")]
                steady = steady and len(seen) == 1 and not other
                said = f"{len(usual)} verdicts each, {len(other)} of them not a pass"
                print(
                    f"{name:18} {transport:10} {count:3} runs, {len(seen)} different sets; {said}; "
                    f"median {statistics.median(times):.2f} s, slowest {max(times):.2f} s"
                )
                for odd in list(seen)[1:]:
                    print("  ", sorted(set(odd) ^ set(usual)))
    return 0 if steady else 1


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS))
