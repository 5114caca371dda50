"""The script language of rule examples: a transcript written as lines of text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Literal

from conformance.model.act import HTTP
from conformance.model.transcript import (
    Acked,
    AnyEntry,
    Called,
    Closed,
    Got,
    Marked,
    Missed,
    Observed,
    Opened,
    Probed,
    Refused,
    Sent,
    Transcript,
)
from conformance.support.strict_json import decoder, told
from contracts.model import Bundle

STEP_S = 0.01
"""Time between two lines of a script that say nothing of time."""

WATCHED_S = 10.0
"""How long a script goes on after its last line: beyond every deadline, so that what is missing is missing."""


class ScriptError(ValueError):
    """A line of a script that cannot be read."""


def script(bundle: Bundle, text: str) -> Transcript:
    """Read a script: a transcript in short, as rules give their examples in.

    A line is `[@seconds] actor word ...`:

        ann opened s1 [user=u1] [token=own] [node=a] [resumes=bob] [offset=o]   ann refused TOKEN message [data=JSON]
        ann closed service|client|us [reason]  ann in r1 [how]      ann out r1
        ann -> event ARG... [#ack]             ann <- event ARG... [#ack]
        ann ->! event ARG... [#ack]            emitted right after connecting
        ann <= event #ack ARG...               ann missed what
        ann probed ASKED_AT_SECONDS            the answer to a question of the protocol
        redis saw event SUBJECT ROOM... [ARG...]   admin saw socket=a1 ROOM...
        http call {params} [?{query}] [{body}] [token=none] => status ANSWER

    Raises:
        ScriptError: with the line.
    """
    entries: list[AnyEntry] = []
    rooms: dict[str, None] = {}
    at_s = 0.0
    for raw in filter(None, map(str.strip, text.splitlines())):
        at_s += STEP_S
        words = raw
        if raw.startswith("@"):
            stamp, words = raw.split(" ", 1)
            at_s = float(stamp[1:])
        try:
            entry = _scripted(bundle, at_s, words)
        except (ValueError, IndexError, KeyError) as error:
            raise ScriptError(f"cannot read {raw!r}: {error}") from error
        if isinstance(entry, Marked):
            rooms.setdefault(entry.room)
        if isinstance(entry, Called):
            rooms.setdefault(str(entry.params.get(bundle.room.key, "")))
        entries.append(entry)
    return Transcript(act="script", rooms=tuple(rooms), entries=tuple(entries), began_s=0.0, ended_s=at_s + WATCHED_S)


def _scripted(bundle: Bundle, at_s: float, words: str) -> AnyEntry:
    actor, word, *more = words.split(" ", 2)
    rest = more[0] if more else ""
    if actor == HTTP:
        return _scripted_call(bundle, at_s, word, rest)
    options = dict(re.findall(r"(\w+)=(\S+)", rest))
    number = re.search(r"(?:^| )#(\d+)", rest)
    match word:
        case "opened":
            token = options.get("token", "none")
            socket = rest.split(" ")[0]
            return Opened(
                at_s=at_s,
                actor=actor,
                socket=socket,
                user=options.get("user"),
                token=token,
                node=options.get("node"),
                resumes=options.get("resumes", ""),
                offset=options.get("offset"),
                room=options.get("room", ""),
                namespace=options.get("namespace", ""),
            )
        case "refused":
            token, _, said = rest.partition(" ")
            message, _, data = said.partition(" data=")
            return Refused(
                at_s=at_s, actor=actor, token=token, message=message, data=json.loads(data) if data else None
            )
        case "closed":
            by, _, reason = rest.partition(" ")
            asked_s = at_s if by == "us" and not reason else None
            return Closed(at_s=at_s, actor=actor, by=_ended_by(by), reason=reason, asked_s=asked_s)
        case "in" | "out":
            room, _, how = rest.partition(" ")
            found: Any = how or "roster"
            return Marked(at_s=at_s, actor=actor, mark="in" if word == "in" else "out", room=room, how=found)
        case "->" | "->!":
            event, args, _ = _event_and_args(rest)
            asked, early = int(number[1]) if number else None, word == "->!"
            return Sent(at_s=at_s, actor=actor, event=event, args=args, ack=asked, early=early)
        case "<-":
            event, args, fault = _event_and_args(rest)
            asked = int(number[1]) if number else None
            return Got(at_s=at_s, actor=actor, event=event, args=args, fault=fault, ack=asked)
        case "<=":
            event, args, fault = _event_and_args(rest)
            asked = int(number[1]) if number else -1
            return Acked(at_s=at_s, actor=actor, event=event, ack=asked, args=args, fault=fault)
        case "probed":
            return Probed(at_s=at_s, actor=actor, asked_s=float(rest))
        case "missed":
            return Missed(at_s=at_s, actor=actor, what=rest)
        case "saw":
            return _scripted_observation(at_s, actor, rest, options.get("socket"))
    raise ScriptError(f"unknown word {word!r}")


def _scripted_observation(at_s: float, actor: str, rest: str, socket: str | None) -> Observed:
    rest, *said = re.split(r" (?=[{\[])", rest, maxsplit=1)
    what, *rooms = rest.split(" ")
    if socket:
        return Observed(at_s=at_s, actor=actor, socket=socket, rooms=tuple(rooms))
    subject, *rooms = rooms
    args = tuple(_json_values(said[0], [])) if said else ()
    return Observed(at_s=at_s, actor=actor, event=what, subject=subject, rooms=tuple(rooms), args=args)


def _ended_by(word: str) -> Literal["us", "service", "client"]:
    match word:
        case "us" | "service" | "client":
            return word
    raise ScriptError(f"expected us, service or client, got {word!r}")


def _event_and_args(rest: str) -> tuple[str, tuple[Any, ...], str]:
    """The event's name, its arguments, and what in them is no JSON."""
    event, _, values = rest.partition(" ")
    constants: list[str] = []
    return event, tuple(_json_values(re.sub(r"(?:^| )#\d+", "", values), constants)), told(constants)


def _scripted_call(bundle: Bundle, at_s: float, name: str, rest: str) -> Called:
    call = bundle.calls[name]
    asked, _, answered = rest.partition(" => ")
    token = re.search(r" token=(\w+)", asked)
    asked = re.sub(r" token=\w+", "", asked)
    query = re.search(r" \?(\{[^}]*\})", asked)
    asked = re.sub(r" \?\{[^}]*\}", "", asked)
    constants: list[str] = []
    params, *body = _json_values(asked, [])
    status, *answer = _json_values(answered, constants)
    return Called(
        at_s=at_s,
        actor=HTTP,
        call=name,
        method=call.method,
        path=call.path,
        params=params,
        query=json.loads(query[1]) if query else {},
        body=body[0] if body else None,
        token=token[1] if token else "own",
        status=status,
        answer=answer[0] if answer else None,
        done_s=at_s + STEP_S / 2,
        fault=told(constants),
    )


def _json_values(text: str, constants: list[str]) -> Iterator[Any]:
    """Consecutive values, separated by blanks. What is no JSON, such as NaN, is added to the constants."""
    reader = decoder(constants)
    at = 0
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        value, at = reader.raw_decode(text, at)
        yield value
