"""An interrupt that comes while an object is finalised, where Python drops what is raised."""

import subprocess
import sys

import pytest

from tests.running import ROOT, clean_environment

FINALISED = """
from conformance.support.interrupt import Interruption, TimeIsUp

class Finalised:
    def __del__(self):
        raise {error}

Interruption().install()
made = Finalised()
del made
print("goes on")
"""


@pytest.mark.parametrize(("error", "told"), [("TimeIsUp", False), ("KeyboardInterrupt", False), ("ValueError", True)])
def test_it_prints_no_traceback_and_other_errors_do(error: str, told: bool) -> None:
    run = subprocess.run(
        [sys.executable, "-c", FINALISED.format(error=error)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=clean_environment(),
        check=False,
    )
    assert run.stdout == "goes on\n"
    assert (error in run.stderr) is told
    assert bool(run.stderr) is told
