"""The golden journals: one of each kind, as real runs wrote them, which the tests of every report read.

`python -m tests.golden` runs them anew, where the records of a journal have changed.
"""

import re
import subprocess
import sys
from pathlib import Path

from tests.running import ROOT, clean_environment, served

FOLDER = Path(__file__).parent / "golden"
KINDS = ("check", "align", "load")
GUIDE = """# Events

- `message:broadcast`, server to clients
- `message:new`
- `location:broadcast`

The room is `sos-{sosId}`.

| event | direction |
|---|---|
| `sos:close` | server to client |
"""


def golden(kind: str) -> Path:
    """The journal of a kind."""
    return FOLDER / f"{kind}.ndjson"


def _ran(*words: str, cwd: Path = ROOT) -> None:
    environment = clean_environment() | {"PYTHONPATH": str(ROOT)}
    code = subprocess.run([sys.executable, "-m", "cli", *words], cwd=cwd, env=environment, check=False).returncode
    if code != 1:
        raise SystemExit(f"{words}: ended with {code}, and is to find what is broken")


def main() -> None:
    """Write them: a service that tells a lie, a guide that has drifted, a load that finds duplicates."""
    guide = FOLDER / "guide.md"
    guide.write_text(GUIDE)
    with served("--lie", "message-is-new") as url:
        patterns = ("--select", "message:*", "--select", "broadcast-*")
        _ran("check", url, *patterns, "--journal", str(golden("check")))
    _ran("align", "guide.md", "--wire", str(golden("check")), "--journal", str(golden("align")), cwd=FOLDER)
    with served("--lie", "delivered-twice") as url:
        gates = ("--gate", "duplicate==0", "--gate", "delivery: p(99)<500")
        _ran("load", url, "-t", "6s", "-u", "4", "--room-size", "5:50,25:50", *gates, "--journal", str(golden("load")))
    for kind in KINDS:  # Where this project lies is nobody's business.
        text = golden(kind).read_text().replace(f"{ROOT}/", "").replace("tests/golden/", "")
        golden(kind).write_text(re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:4001", text))


if __name__ == "__main__":
    main()
