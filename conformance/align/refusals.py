"""With which status a call is documented to be refused, by the reason. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from contracts.model import Bundle, Call

Reason: TypeAlias = Literal["token", "absent", "invalid"]
"""No good token is shown; what is asked for is not there; the schema of the body rejects what is sent."""

REASONS: dict[Reason, str] = {
    "token": "without a good token",
    "absent": "of what is not there",
    "invalid": "of an invalid body",
}
"""How they are told."""


def of_call(bundle: Bundle, call: Call, reason: Reason) -> int | None:
    """The one status that the contracts have for a reason; None where they leave it open."""
    match reason:
        case "token":
            return bundle.refusal.http_status if bundle.refusal is not None else None
        case "absent":
            return call.missing
        case "invalid":
            return call.invalid_answer or _only(one.answer for one in call.examples.invalid)


def of_all(bundle: Bundle, reason: Reason) -> int | None:
    """The status that all calls have for a reason, of those that the contracts say it of."""
    return _only(
        status for call in bundle.calls.values() if (status := of_call(bundle, call, reason)) is not None
    )  # fmt: skip


def _only(found: Iterable[object]) -> int | None:
    """The one number that all of them are."""
    some = set(found)
    only = next(iter(some)) if len(some) == 1 else None
    return only if isinstance(only, int) else None
