"""How a command speaks to a shell: one message and the documented exit code, and a console that never breaks.

Nothing heavy is imported: `--help` reads this.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NoReturn

import typer

from conformance.support.interrupt import INTERRUPTED, Interruption, current

if TYPE_CHECKING:
    from rich.console import Console


@contextlib.contextmanager
def faults() -> Iterator[None]:
    """Turn what can go wrong into one message and the documented exit code; never a traceback."""
    from conformance.support.errors import Unreachable, UsageError
    from contracts.faults import ContractError

    try:
        with current().raising():
            yield
    except UsageError as error:
        die(str(error), 2)
    except ContractError as error:
        die("these contracts cannot be used:\n" + "\n".join(f"  {fault}" for fault in error.faults), 2)
    except Unreachable as error:
        die(str(error), 3)
    except KeyboardInterrupt:
        die("interrupted", INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has seen enough; there is nobody to tell.
        sys.stderr.close()
        raise SystemExit(0) from None
    except (typer.Exit, typer.Abort, SystemExit):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it was, a person gets one line
        die(f"internal error, please report it: {type(error).__name__}: {error}", 5)


def die(message: str, code: int) -> NoReturn:
    """Say one message and end."""
    typer.echo(f"roomcheck: {message}", err=True)
    raise SystemExit(code)


def shown(show: Callable[[], None]) -> None:
    """Print; where the output cannot be written the exit code is still the verdict's."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        show()
        sys.stdout.flush()
    except OSError as error:
        if not isinstance(error, BrokenPipeError):  # Whoever read from a pipe has seen enough.
            typer.echo(f"roomcheck: the output cannot be written: {error.strerror}", err=True)
        # What is still buffered must not fail again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def run_to_its_end(app: Callable[[], object], interruption: Interruption) -> NoReturn:
    """Run a command and end the process with its exit code, or with 130 where a signal came before the end.

    The interpreter is not taken down step by step: that takes a while in which a signal would still be expected to
    count, and it waits for threads, such as that of a name that is still being resolved.
    """
    with interruption.noted():
        code = 0
        try:
            app()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except (OSError, ValueError):  # Python has a message of its own for what cannot be written.
            raise SystemExit(code) from None
        os._exit(code if interruption.at_s is None else INTERRUPTED)


def console(*, stderr: bool = False) -> Console:
    """What a command prints on; it leaves a closed pipe to `faults`."""
    from rich.console import Console

    class Piped(Console):
        """Leaves a reader that went away to us: rich would exit with 1, which here means broken."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return Piped(stderr=stderr, highlight=False, soft_wrap=False)
