"""Errors of the locustfiles that people write, before a run has begun."""

from __future__ import annotations

import os
import traceback
from collections.abc import Sequence


def told(error: Exception, files: Sequence[str]) -> str:
    """What a locustfile raised as it was imported, with its line; empty where the error went through none of them.

    Args:
        files: the locustfiles, as they were given.
    """
    own = {os.path.realpath(file) for file in files}
    steps = [(step.filename, step.lineno) for step in traceback.extract_tb(error.__traceback__)]
    steps += [(error.filename or "", error.lineno)] if isinstance(error, SyntaxError) else []
    found = [(name, line) for name, line in steps if os.path.realpath(name) in own]
    if not found:
        return ""
    name, line = found[-1]
    text = "".join(traceback.format_exception_only(error)).strip().splitlines()[-1]
    return f"-f: {name}, line {line}: {text}"
