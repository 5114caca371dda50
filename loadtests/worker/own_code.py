"""Errors of code that is not Roomcheck's: of a scenario of one's own. Pure."""

from __future__ import annotations

import traceback
from types import TracebackType

MODULE = "roomcheck_scenario"
"""Under this name the module of a scenario of one's own is imported, whatever its file is called."""


def is_own(error: BaseException) -> bool:
    """Whether an error went through the module of a scenario of one's own."""
    return bool(_lines(error.__traceback__))


def where(error: BaseException, file: str = "") -> str:
    """The last line of that module that an error went through, and the error: `mine.py, line 3: NameError: ...`.

    Args:
        file: is named where the error went through no line of it.
    """
    told = "".join(traceback.format_exception_only(error)).strip().splitlines()[-1]
    if isinstance(error, SyntaxError):
        return f"{error.filename}, line {error.lineno}: {told}"
    shown = next(reversed(_lines(error.__traceback__)), file)
    return f"{shown}: {told}" if shown else told


def _lines(step: TracebackType | None) -> list[str]:
    found = []
    while step is not None:
        if step.tb_frame.f_globals.get("__name__") == MODULE:
            found.append(f"{step.tb_frame.f_code.co_filename}, line {step.tb_lineno}")
        step = step.tb_next
    return found
