"""The two errors that end a command with a message instead of a traceback."""

from __future__ import annotations

NO_VALUE = "expected a value, got an empty text; leave the option out for its default"
"""What is wrong with an option that is given by a variable of the shell that is not set."""


class UsageError(Exception):
    """What a person asked for cannot be done; the message says what, where, and what to do."""


class Unreachable(Exception):
    """The target does not answer as a Socket.IO service."""
