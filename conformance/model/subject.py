"""What a verdict is on: an event, call or clause by its name, or the replies to a request."""

from __future__ import annotations

from dataclasses import dataclass

REPLY = " (reply)"
"""Behind the name of a request, in the text form: journals, reports and patterns have this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A subject, read from its text form or written in it."""

    name: str
    """Of an event, call or clause."""
    reply: bool = False
    """The replies to the request of that name."""

    @classmethod
    def read(cls, text: str) -> Subject:
        """A subject as verdicts and journals write it."""
        name = text.removesuffix(REPLY)
        return cls(name=name, reply=name != text)

    def __str__(self) -> str:
        return self.name + REPLY if self.reply else self.name


def reply_to(event: str) -> str:
    """The subject, in its text form, of the replies to a request."""
    return str(Subject(name=event, reply=True))
