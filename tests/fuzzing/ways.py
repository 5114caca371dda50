"""The two ways in which inputs are found, each in a process of its own, where the parsers are first imported."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from tests.running import ROOT

if TYPE_CHECKING:
    from tests.fuzzing.play import Fault

OF_THE_CLOCK = 20
"""How many times the CPU seconds of one case libFuzzer waits by the clock, on a machine that is busy besides."""
KEPT = ROOT / "build" / "fuzz"
DOCUMENTS = ("Markdown", "TypeScript", "Python", "other languages", "pages", "AsyncAPI", "OpenAPI")
FOLLOWED = {
    "contracts": ["contracts"],
    "contracts in YAML": ["contracts"],
    "settings": ["conformance.target"],
    "known failures": ["conformance.target"],
    "journals": ["conformance.journal", "reports"],
    **{name: ["conformance.align"] for name in DOCUMENTS},
    "imports of AsyncAPI": ["contracts"],
    "recordings for infer": ["conformance.inference", "conformance.journal"],
    "two versions": ["conformance.diff", "contracts"],
    "heads for record": ["conformance.recording"],
    "sizes and stages of load": ["loadtests.workload"],
    "thresholds": ["loadtests.verdict"],
    "frames of a check": ["conformance.stage.clients", "conformance.support"],
    "frames of a load": ["loadtests.worker.wire", "conformance.support"],
    "frames in MessagePack": ["conformance.stage.clients", "conformance.support"],
    "what passes record": ["conformance.recording", "conformance.stage.clients"],
    "Engine.IO handshakes": ["conformance.support"],
    "messages of adapters": ["conformance.stage.observing"],
}
"""The packages whose coverage is followed, for each parser: to follow all of them takes longer than to play."""


def generated(name: str, count: int, seed: int) -> None:
    """Cases that are made from the structure of valid ones; ends the process with 1 at the first fault."""
    from tests.fuzzing.cases import cases
    from tests.fuzzing.play import Fault, play
    from tests.fuzzing.targets import TARGETS

    target = TARGETS[name]
    try:
        made = play(target, cases(target.seeds(), target.words, count, seed))
    except Fault as fault:
        _tell(name, fault)
        sys.exit(1)
    print(f"{name}: {made.count} cases, {made.refused} refused, the slowest {made.slowest_s:.2f} s of CPU", flush=True)


def covered(name: str, count: int, seed: int) -> None:
    """Cases that are changed by what code they reach; libFuzzer ends the process."""
    import atheris

    with atheris.instrument_imports(include=FOLLOWED[name]):
        from tests.fuzzing.play import one
        from tests.fuzzing.targets import TARGETS
    from tests.fuzzing.cases import MOST_BYTES
    from tests.fuzzing.play import MOST_S, Fault, hang

    def play(text: bytes) -> None:
        try:
            one(TARGETS[name], text)
        except Fault as fault:
            _tell(name, fault)
            os._exit(1)  # What an input raises past libFuzzer is told without the input.

    signal.signal(signal.SIGVTALRM, hang)
    folder = KEPT / "corpus" / name.replace(" ", "-")
    folder.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(TARGETS[name].seeds()):
        (folder / f"seed-{number}").write_bytes(text)
    words = ["fuzz", f"-runs={count}", f"-seed={seed + 1}", f"-max_len={MOST_BYTES // 4}", f"-timeout={int(MOST_S * OF_THE_CLOCK)}",
             "-rss_limit_mb=1024", "-verbosity=0", f"-artifact_prefix={KEPT}/{folder.name}-", str(folder)]  # fmt: skip
    atheris.Setup(words, play)
    atheris.Fuzz()


def _tell(name: str, fault: Fault) -> None:
    """Say what went wrong with which input, which is kept."""
    print(f"{name}: {fault}\n  kept in {keep(name, fault.case)}", flush=True)
    if fault.__cause__:
        traceback.print_exception(fault.__cause__)
    sys.stderr.flush()


def keep(name: str, case: bytes) -> Path:
    """Write down an input that went wrong."""
    KEPT.mkdir(parents=True, exist_ok=True)
    path = KEPT / name.replace(" ", "-")
    path.write_bytes(case)
    return path
