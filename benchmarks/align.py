"""What an alignment costs: 500 guides of 20 KB; the bare Markdown parser over the same texts is the baseline."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from operator import truediv
from pathlib import Path
from statistics import median

from markdown_it import MarkdownIt

ROOT = Path(__file__).parent.parent
FILES, BYTES, RUNS = 500, 20_000, 3
MOST_FACTOR = 2
"""How many times as long as the bare parser in one process the command may take on two processors."""


def corpus(folder: Path) -> list[Path]:
    """Guides of that size: the project's own, and prose between, each with a number of its own."""
    guide = (ROOT / "docs" / "sos-guide.md").read_text()
    prose = (ROOT / "docs" / "verdicts.md").read_text()
    made = []
    for number in range(FILES):
        text = f"# Guide {number}\n\n{guide}\n{prose}\n"
        while len(text.encode()) < BYTES:
            text += f"\n## Part {len(text)}\n\n{prose}"
        path = folder / f"guide-{number}.md"
        path.write_bytes(text.encode()[:BYTES].rsplit(b"\n", 1)[0] + b"\n")
        made.append(path)
    return made


def main() -> None:
    """Measure."""
    with tempfile.TemporaryDirectory() as name:
        paths = corpus(Path(name))
        shutil.copytree(ROOT / "contracts", Path(name) / "contracts")
        parser = MarkdownIt("commonmark").enable("table")
        bare, whole = [], []
        for _ in range(RUNS):
            began_s = time.monotonic()
            for path in paths:
                parser.parse(path.read_text())
            bare.append(time.monotonic() - began_s)
            began_s = time.monotonic()
            words = [sys.executable, "-m", "cli", "align", name, "--quiet", "--no-links"]
            run = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
            whole.append(time.monotonic() - began_s)
            if run.returncode not in (0, 1):
                raise SystemExit(run.stdout + run.stderr)
    size_mb = FILES * BYTES / 1e6
    print(f"{platform.machine()}, Python {platform.python_version()}: {FILES} guides, {size_mb:.0f} MB, {RUNS} runs\n")
    print("| figure | median |")
    print("|---|---:|")
    print(f"| baseline: the Markdown parser alone, inline mark-up too | {median(bare):.2f} s |")
    print(f"| roomcheck align, the whole command on {os.cpu_count()} processors | {median(whole):.2f} s |")
    print(f"| factor, {MOST_FACTOR} at most | {median(map(truediv, whole, bare)):.2f} |")


if __name__ == "__main__":
    main()
