"""What the answer of a server that gave no handshake means, and what to do about it.

Engine.IO's official server names its reasons by a code and a text (`Server.errorMessages`); a refused websocket has the
text alone. python-engineio has texts of its own.
"""

from __future__ import annotations

import re

from conformance.support.errors import Unreachable
from conformance.support.handshake_status import BY_STATUS
from conformance.support.printable import printable

SHOWN_BODY = 200
"""Characters of the body of a refusal that are shown: the page of a proxy or of a framework is longer."""

PAGE, MARKUP = re.compile(r"\s*<(!doctype|html)", re.IGNORECASE), re.compile(r"<style.*?</style>|<[^>]*>", re.DOTALL)
"""What HTML begins with, and what of it says nothing in a message."""

DENIED = (400, 401, 403)
"""Statuses with which a server turns away a token in the requests of a handshake. Engine.IO's `allowRequest` gives 400
or 403 by its version."""

REFUSED = 400
"""The status with which Engine.IO refuses a request."""

NOT_OFFERED = ("Transport unknown", "Invalid transport")
SESSION_UNKNOWN = ("Session ID unknown", "Invalid session")
OTHER_PROTOCOL = ("Unsupported protocol version", "unsupported version of the Socket.IO")

HINTS = {
    "Bad request": "a proxy that does not pass the Upgrade header on is answered so",
    "Forbidden": "put the headers that its allowRequest asks for into [headers] of the target; a token that "
    "it reads goes where token_in of [auth] says: query.NAME, header.NAME or cookie.NAME",
}
"""What to do about other messages of the official server, which are JSON: a page of a proxy may say the same words."""

ELSEWHERE = "correct the URL, or `path` of the target, or choose another --transport"


class NotOffered(Unreachable):
    """A Socket.IO service answers, and does not take the transport: what that means is for a rule to say."""


class BrokenHandshake(Unreachable):
    """A Socket.IO service answers, with a handshake that no client can use: a rule says so."""


class Foreign(Unreachable):
    """A Socket.IO service answers that Roomcheck cannot check, however it is asked: to wait is no use."""


class SessionUnknown(Unreachable):
    """A session that was opened is not known to who answers the next request."""


class Refused(Unreachable):
    """What answers gives no handshake; the message says what it gave, and what to do."""


def refusal(where: str, over: str, status: int | None, body: str, more: str = "", place: str = "") -> Unreachable:
    """What to say of an answer that is no handshake.

    Args:
        over: the transport that was asked for.
        status: the HTTP status; None for a packet on a connection that was taken.
        body: of the answer.
        more: what else is known of it: an address that it redirects to, what is wrong with its headers.
        place: where a token was shown.
    """
    got = " ".join(filter(None, (str(status or ""), _cut(body), f"({more})" if more else "")))
    if status == REFUSED and any(text in body for text in SESSION_UNKNOWN):
        return SessionUnknown(
            f"{where} opened a session over {over} and did not know it in the next request (400 {_cut(body)}): the "
            "requests of one session reach different nodes; enable sticky sessions at the load balancer, or use "
            "--transport websocket, which needs none"
        )
    if status == REFUSED and any(text in body for text in OTHER_PROTOCOL):
        return Foreign(
            f"{where} is a Socket.IO server that does not speak Engine.IO 4 (got {got}): Roomcheck checks Socket.IO 3 "
            "and 4; upgrade the server"
        )
    if status == REFUSED and any(text in body for text in NOT_OFFERED):
        return NotOffered(
            f"{where} is a Socket.IO server that does not offer {over} ({got}); choose another --transport"
        )
    if status is not None and 300 <= status < 400:
        to = f"redirects to {printable(more)}" if more else "redirects, and does not say where to"
        return Refused(
            f"{where} {to} ({status}), and Socket.IO clients follow no redirect over {over}: use the URL that the "
            "service itself has"
        )
    hint = next((said for text, said in HINTS.items() if status in DENIED and f'"{text}"' in body), None)
    hint = hint or BY_STATUS.get(status or 0, ELSEWHERE)
    if place and status in DENIED:
        hint = f"the token was shown in {place}, which token_in of [auth] changes; {hint}"
    return Refused(f"{where} gave no Engine.IO 4 handshake over {over}: got {got or 'nothing'}; {hint}")


def of_engine_3(where: str, got: str) -> Foreign:
    """What to say of a server of Socket.IO 1 or 2."""
    return Foreign(
        f"{where} is a Socket.IO 1 or 2 server (Engine.IO 3; got {got}): Roomcheck checks Socket.IO 3 and 4 (Engine.IO "
        "4); upgrade the server"
    )


def _cut(body: str) -> str:
    """A body on one line, printable and cut, of a page its text alone; the empty text for none."""
    page = PAGE.match(body) is not None
    text = printable(" ".join((MARKUP.sub(" ", body) if page else body).split()))
    return text if len(text) <= SHOWN_BODY else f"{text[:SHOWN_BODY]}… ({len(text)} characters)"
