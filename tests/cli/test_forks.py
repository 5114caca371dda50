"""A program that a test forks is like one that it starts: its own streams, environment, folder, signals, exit code."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.forks import LOCUST, PLAIN, Fork, shared
from tests.running import clean_environment

TELLS = """
import os, sys
print(os.getcwd(), os.environ.get("ONE"), "HOME" in os.environ, __name__, sys.argv)
print("told", file=sys.stderr)
sys.exit(7)
"""
IMPORTS = """
import os, sys
os._exit = sys.exit
import cli
there = set(sys.modules)
try:
    cli.run()
except SystemExit:
    print("imported:", *(set(sys.modules) - there))
"""
SHARES = "from tests.forks import Fork; print(Fork(('-c', 'print(6 * 7)'), env={}).communicate(60)[0], end='')"
WAITS = "import signal; print('waits', flush=True); signal.pause()"


@pytest.mark.parametrize("of", [PLAIN, LOCUST])
def test_it_has_streams_an_environment_a_folder_and_an_exit_code_of_its_own(of: str, tmp_path: Path) -> None:
    with Fork(("-c", TELLS, "a", "b"), of=of, env={"ONE": "1"}, cwd=tmp_path) as program:
        out, err = program.communicate(10)
    assert out == f"{tmp_path} 1 False __main__ ['-c', 'a', 'b']\n"
    assert err == "told\n"
    assert program.returncode == 7
    assert "ONE" not in os.environ


@pytest.mark.parametrize("of", [PLAIN, LOCUST])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_signal_ends_it_and_no_other(of: str, number: signal.Signals) -> None:
    with Fork(("-c", WAITS), of=of, env={}) as other, Fork(("-c", WAITS), of=of, env={}) as program:
        assert program.stdout is not None
        assert other.stdout is not None
        assert (program.stdout.readline(), other.stdout.readline()) == ("waits\n", "waits\n")
        program.send_signal(number)
        assert program.wait(10) == -number
        assert other.poll() is None
        other.kill()


def test_several_processes_share_the_one_that_forks() -> None:
    with shared(PLAIN):
        programs = [Fork(("-c", SHARES), env=clean_environment()) for _ in range(2)]
        assert [program.communicate(60) for program in programs] == [("42\n", "")] * 2


def test_an_interrupt_is_pythons_own() -> None:
    with Fork(("-c", WAITS), env={}) as program:
        assert program.stdout is not None
        program.stdout.readline()
        program.send_signal(signal.SIGINT)
        _, err = program.communicate(10)
    assert err.rstrip().endswith("KeyboardInterrupt")
    assert program.returncode == -signal.SIGINT


def test_what_goes_on_too_long_is_killed() -> None:
    with Fork(("-c", WAITS), env={}) as program:
        with pytest.raises(subprocess.TimeoutExpired):
            program.communicate(0.1)
        assert program.wait(10) == -signal.SIGKILL


def test_a_module_is_run_anew_each_time() -> None:
    for _ in range(2):
        with Fork(("cli", "--version"), env=clean_environment()) as program:
            out, err = program.communicate(10)
        assert (out, err, program.returncode) == ("roomcheck 0.2.0\n", "", 0)


@pytest.mark.parametrize("words", [("check", "--select", "error"), ("align", "README.md"), ("contracts", "list")])
def test_what_a_command_imports_is_there(words: tuple[str, ...]) -> None:
    """What is imported as a command goes costs each time; it belongs in `LATER`."""
    with Fork(("-c", IMPORTS, *words), env=clean_environment()) as program:
        out, err = program.communicate(60)
    *_, imported = out.splitlines()
    assert imported.startswith("imported:"), err
    assert len(imported.split()[1:]) < 10, imported
