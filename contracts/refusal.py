"""How a service that demands a token refuses a connection: the message and the data of the connect error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.schema import Schema, shown

REASONS = {"none": "missing", "garbage": "malformed", "forged": "forged", "expired": "expired"}
"""How contracts name what is wrong with a token, by the kind of token that a check shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalForm:
    """What a connect error says."""

    message_prefix: str | None = None
    message: str | None = None
    data: Schema | None = None
    """Of `err.data`; None where the contract says nothing of it."""

    def fault(self, message: str, data: Any) -> tuple[str, str] | None:
        """(expected, got) of what is wrong with a connect error; None where it is as documented."""
        if self.message is not None and message != self.message:
            return f"the message {self.message!r}", repr(message)
        if self.message_prefix is not None and not message.startswith(self.message_prefix):
            return f"a message that begins with {self.message_prefix!r}", repr(message)
        if self.data is None or self.data.is_valid(data):
            return None
        if data is None:
            return "err.data", "a connect error without data"
        problem = self.data.explain(data)
        if problem is None:
            return "err.data that keeps its schema", shown(data)
        where = f"err.data.{problem.path}" if problem.path else "err.data"
        return f"{problem.expected} at `{where}`", problem.got


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """How a service that demands a token refuses a connection and a call."""

    http_status: int
    source: str
    form: RefusalForm
    by_token: Mapping[str, RefusalForm] = field(default_factory=dict)
    """What is wrong with the token, by `REASONS`, where the error tells it apart."""

    def of(self, token: str) -> RefusalForm:
        """What the refusal of a kind of token says."""
        return self.by_token.get(REASONS[token], self.form)


def refusal_of(document: Mapping[str, Any]) -> Refusal:
    """The refusal of a bundle. What `by_token` leaves out of a message or the data is as it is in general."""
    general = _form(document)
    own = {reason: _form(form) for reason, form in document.get("by_token", {}).items()}

    def over(form: RefusalForm) -> RefusalForm:
        said = form if form.message is not None or form.message_prefix is not None else general
        return RefusalForm(
            message=said.message, message_prefix=said.message_prefix, data=form.data if form.data else general.data
        )

    return Refusal(
        http_status=document["http_status"],
        source=document["source"],
        form=general,
        by_token={reason: over(form) for reason, form in own.items()},
    )


def _form(document: Mapping[str, Any]) -> RefusalForm:
    return RefusalForm(
        message_prefix=document.get("message_prefix"),
        message=document.get("message"),
        data=Schema(document["data"]) if "data" in document else None,
    )
