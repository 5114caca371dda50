"""The benchmark of deliveries works: every client is played for a second, and what it prints is a table."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
LIMIT_S = 120

pytestmark = [pytest.mark.peer, pytest.mark.skipif(shutil.which("cc") is None, reason="the floor is compiled")]


def test_the_quick_benchmark_counts_every_delivery_of_each_client() -> None:
    """What is published is received by each of them, and this tool's own ledger has no defect."""
    words = [sys.executable, "-m", "benchmarks.fanout", "--quick"]
    run = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    assert run.returncode == 0, run.stderr
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in run.stdout.splitlines() if line[:1] == "|"]
    header, _, *rows = cells
    assert header[:2] == ["client", "messages/s"]
    assert len(rows) == 3
    assert all(int(row[2].replace(",", "")) > 0 for row in rows), run.stdout
    assert rows[0][4] == "1.00"
    ledgers = [line.partition("ledger: ")[2] for line in run.stderr.splitlines() if "ledger: " in line]
    assert len(ledgers) == 2
    assert all(" ok" in one and "lost" not in one and "contract_failed" not in one for one in ledgers), ledgers
