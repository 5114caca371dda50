"""How a command speaks to a shell: one message and the documented exit code, and a console that never breaks.

Nothing heavy is imported: `--help` reads this.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console


@contextlib.contextmanager
def faults() -> Iterator[None]:
    """Turn what can go wrong into one message and the documented exit code; never a traceback."""
    from conformance.target import Unreachable, UsageError
    from contracts.faults import ContractError

    try:
        yield
    except UsageError as error:
        die(str(error), 2)
    except ContractError as error:
        die("these contracts cannot be used:\n" + "\n".join(f"  {fault}" for fault in error.faults), 2)
    except Unreachable as error:
        die(str(error), 3)
    except KeyboardInterrupt:
        die("interrupted", 130)
    except BrokenPipeError:
        # Whoever read our output has seen enough; there is nobody to tell.
        sys.stderr.close()
        raise SystemExit(0) from None
    except (typer.Exit, typer.Abort, SystemExit):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it was, a person gets one line
        die(f"our own error, please report it: {type(error).__name__}: {error}", 5)


def die(message: str, code: int) -> NoReturn:
    """Say one message and end."""
    typer.echo(f"roomcheck: {message}", err=True)
    raise SystemExit(code)


def console(*, stderr: bool = False) -> Console:
    """What a command prints on; it leaves a closed pipe to `faults`."""
    from rich.console import Console

    class Piped(Console):
        """Leaves a reader that went away to us: rich would exit with 1, which here means broken."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return Piped(stderr=stderr, highlight=False, soft_wrap=False)
