"""How a command speaks to a shell: one message and the documented exit code, and a console that never breaks.

Nothing heavy is imported: `--help` reads this.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import os
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NoReturn

import typer

from conformance.support import streams
from conformance.support.interrupt import INTERRUPTED, Interruption, current
from conformance.support.printable import printable_lines

if TYPE_CHECKING:
    from rich.console import Console

    from conformance.journal.records import Journal

VERSION = "0.2.0"


UNUSABLE = {errno.ENAMETOOLONG, errno.ELOOP, errno.EACCES, errno.EPERM}
"""Errors of a file's name or rights, which come from a person's own words wherever they are met first."""
UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG}
"""Errors of a disk that takes no more."""


@contextlib.contextmanager
def faults() -> Iterator[None]:
    """Turn what can go wrong into one message and the documented exit code; never a traceback."""
    from conformance.support.errors import Unreachable, UsageError
    from contracts.faults import ContractError

    try:
        with current().raising():
            _there()
            yield
    except UsageError as error:
        _tell_what_was_found(error)
        die(str(error), 2)
    except ContractError as error:
        die("these contracts cannot be used:\n" + "\n".join(f"  {fault}" for fault in error.faults), 2)
    except Unreachable as error:
        die(str(error), 3)
    except (KeyboardInterrupt, typer.Abort):  # A question that was left without an answer aborts.
        die("interrupted", INTERRUPTED)
    except (typer.Exit, SystemExit):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it was, a person gets one line
        if said := _of_surroundings(error):
            die(said, 2)
        raise SystemExit(_internal(error)) from None


def _of_surroundings(error: Exception) -> str:
    """What to say of an error that comes from where a command runs, and not from itself; empty where it does not."""
    from conformance.support import descriptors, memory

    if descriptors.is_out(error):
        return descriptors.shortage()
    if memory.is_out(error):
        return memory.shortage()
    if isinstance(error, OSError) and error.errno in UNUSABLE and error.filename is not None:
        return f"{error.filename}: cannot be used: {error.strerror}"
    if isinstance(error, OSError) and error.errno in UNWRITABLE:
        return f"{error.filename or 'a file'}: cannot be written: {error.strerror}"
    return ""


def _tell_what_was_found(error: Exception) -> None:
    """A report of a run that is over could not be written: show what was found, so that it is not lost."""
    from reports.output.destinations import Unreported

    if isinstance(error, Unreported) and not error.is_told:
        from reports.terminal import show

        show(error.journal, console())


def _there() -> None:
    """Refuse a working directory that has been deleted: relative paths mean nothing there, and nothing can be started.

    Raises:
        UsageError: it has.
    """
    from conformance.support.errors import UsageError

    try:
        os.getcwd()
    except FileNotFoundError:
        raise UsageError("the working directory has been deleted; change to another one") from None


def _internal(error: Exception) -> int:
    say(f"roomcheck: internal error, please report it: {type(error).__name__}: {error}", err=True)
    return 5


def die(message: str, code: int) -> NoReturn:
    """Say one message and end."""
    say(f"roomcheck: {message}", err=True)
    raise SystemExit(code)


def say(text: str, *, err: bool = False) -> None:
    """Print lines that may name what files, services and arguments hold: nothing in them steers a terminal."""
    typer.echo(printable_lines(text), err=err)


def counted(count: int, what: str) -> str:
    """A number of things, in words."""
    return f"{count} {what}" + ("" if count == 1 else "s")


class Verdict(SystemExit):
    """The end of a command that has judged: its code stays, whatever becomes of the output."""


COLLECT_EVERY = 10_000
"""Objects that are made between two searches for garbage. Python's 700 cost a check an eighth of its time: nearly all
that it makes, it keeps to its end."""


def run_to_its_end(app: Callable[[], object], interruption: Interruption) -> NoReturn:
    """Run a command and end the process with its exit code, or with 130 where a signal came before the end.

    The interpreter is not taken down step by step: that takes a while in which a signal would still be expected to
    count, and it waits for threads, such as that of a name that is still being resolved.
    """
    out, _ = streams.install()
    gc.set_threshold(COLLECT_EVERY)
    with interruption.noted():
        code, judged = 0, False
        try:
            app()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
            judged = isinstance(ended, Verdict)
        sys.stdout.flush()
        if (unwritten := streams.message(out)) and interruption.at_s is None:
            typer.echo(f"roomcheck: {unwritten}", err=True)
            code = code if judged else code or 2
        sys.stderr.flush()
        os._exit(code if interruption.at_s is None else INTERRUPTED)


def console(*, stderr: bool = False) -> Console:
    """What a command prints on."""
    from rich.console import Console

    from conformance.commands.visible import Visible

    made = Console(stderr=stderr, highlight=False, soft_wrap=False)
    made.push_render_hook(Visible())
    return made


def finish(journal: Journal, *, quiet: bool, verbose: bool) -> NoReturn:
    """Show a journal and exit with its code."""
    from reports.terminal import show

    code = journal.footer.exit_code if journal.footer else 4
    if not (quiet and code == 0):
        show(journal, console(), everything=verbose)
    raise Verdict(code)
