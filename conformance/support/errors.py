"""The two errors that end a command with a message instead of a traceback."""

from __future__ import annotations


class UsageError(Exception):
    """What a person asked for cannot be done; the message says what, where, and what to do."""


class Unreachable(Exception):
    """The target does not answer as a Socket.IO service."""
