"""No key of the language is left out of the comparison: each belongs to a rule, and a change of it is told by one."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from conformance.diff.pairing import Pair
from conformance.diff.rule import Found, judge, rules
from conformance.diff.versions import version
from tests.unit.contracts.test_every_key import META, Key, known, parts

KINDS = {"bundle": "bundle", "events": "event", "http": "http", "triggers": "triggers"}
LEFT_OUT: dict[Key, str] = {
    ("bundle", "extends"): "what is taken over is compared as if it were written",
    ("bundle", "without"): "what is left out is compared as removed",
}
GONE = object()
"""Stands for a key that a version does not have."""


@dataclass(frozen=True)
class V:
    """A value that differs: of the old version, of the new one, and the rule and the words that tell of it."""

    old: Any
    new: Any
    told: str


def words(old: Any, new: Any, what: str) -> V:
    return V(old, new, f"words-are-for-people: {what}")


def fields(**named: Any) -> dict[str, Any]:
    return {"type": "object", "required": sorted(named), "properties": named}


TEXT = {"type": "string", "minLength": 1}
FEW, MORE = {"type": "string", "maxLength": 5}, {"type": "string", "maxLength": 9}
SOURCE = words("one", "two", "source")
TAKES, ONLY, HAS = "request-takes-what-it-took: ", "message-has-nothing-new: ", "message-has-what-it-had: "
ANSWERED, CALL, TOKEN, ROOM = (
    "request-is-answered-as-before: ",
    "call-is-where-it-was: ",
    "token-is-enough: ",
    "room-is-the-same: ",
)
NAMED = "request-names-what-it-named: "
EFFECT, FIELDS, NAMESPACE = "effect-is-the-same: ", "fields-mean-the-same: ", "namespace-is-the-same: "


def refusal(reason: str) -> dict[str, Any]:
    return {
        "message": V("A", "B", f"{TOKEN}message of refused connections ({reason})"),
        "data": V(FEW, MORE, f"{ONLY}data of refused connections ({reason})"),
    }


def examples(**more: Any) -> dict[str, Any]:
    return {"valid": words([{"hall": "a", "text": "b"}], [{"hall": "a", "text": "c"}], "examples"), **more}


def event(name: Any, **parts: Any) -> dict[str, Any]:
    return {"event": name, "summary": "s", "source": "s", **parts}


def told(receivers: Any = "room", caused_by: Any = None, **more: Any) -> dict[str, Any]:
    made = {"receivers": receivers, "caused_by": caused_by or {"event": "say"}, "payload": fields(hall=TEXT, text=TEXT)}
    return {**made, **more}


def asked(**more: Any) -> dict[str, Any]:
    return {"payload": fields(hall=TEXT, text=TEXT), "reply": {"ack": True, "payload": {}}, **more}


FILES: dict[str, Any] = {
    "bundle.json": {
        "bundle": words("one", "two", "bundle"),
        "title": words("one", "two", "title"),
        "version": words("1.0.0", "1.1.0", "version"),
        "summary": words("one", "two", "summary"),
        "source": SOURCE,
        "roles": {
            "socket": V("USER", "MEMBER", f"{TOKEN}role of the socket"),
            "caller": V("ADMIN", "OPS", f"{TOKEN}role of the caller"),
        },
        "path": V("/socket.io/", "/ws/", f"{NAMESPACE}path of Socket.IO"),
        "namespace": V("/", "/two", f"{NAMESPACE}namespace"),
        "namespaces": {"/t-{t}": {"id": V({"type": "integer"}, {"enum": [1, 2]}, f"{TAKES}ids of namespaces `/t-{{t}}`"), "source": SOURCE}},
        "rooms": {
            "hall": {
                "template": V("hall:{hall}", "halls:{hall}", f"{ROOM}name of rooms `hall`"),
                "id": V({"type": "string"}, {"type": "string", "pattern": "^h{9}$"}, f"{TAKES}ids of rooms `hall`"),
                "retired": V(["h:{hall}"], ["h-{hall}"], f"{ROOM}retired names of rooms `hall`"),
                "source": SOURCE,
            },
            "lot": {
                "template": "lot:{lot}", "source": "s",
                "entered_by": {"handshake": {"auth": V("lot", GONE, f"{ROOM}way into rooms `lot`"), "query": V(GONE, "plot", f"{ROOM}way into rooms `lot`")}},
            },
            "own": {"template": "own:{own}", "source": "s", "entered_by": V("service", {"handshake": {"auth": "own"}}, f"{ROOM}way into rooms `own`")},
            "old": V({"template": "old:{old}", "source": "s"}, GONE, f"{ROOM}rooms `old`"),
        },
        "retired_events": [
            {
                "event": V("was", "then", "message-is-still-there: retired name `was`"),
                "direction": "client_to_server", "instead": V("a", "b", "message-is-still-there: retired name `then`"),
                "stand_in": {"call": words("add", "list", "stand_in")},
            },
            {"event": "turned", "direction": V("client_to_server", "server_to_client", "message-is-still-there: retired name `turned`"), "instead": "c"},
        ],
        "errors": V("problem", GONE, f"{ANSWERED}event that answers bad requests"),
        "http_error": V(fields(error=TEXT), fields(fault=TEXT), f"{HAS}body of HTTP errors `error`"),
        "limits": [
            {
                "events": V(["say"], ["say", "ask"], "limits-are-not-lowered: limit of `ask`, `say`"),
                "per_s": 5, "then": "dropped", "source": SOURCE,
            },
            {
                "per_s": V(9, 8, "limits-are-not-lowered: limit of all events"),
                "then": V("error", "hang-up", "limits-are-not-lowered: limit of all events: more"), "source": "s",
            },
        ],
        "max_payload_bytes": V(1000, 900, "limits-are-not-lowered: largest payload"),
        "recovery": {"within_s": V(60, 30, "lost-connection-is-recovered: recovery of lost connections"), "source": SOURCE},
        "refusal": {
            "message_prefix": V("A", "B", f"{TOKEN}beginning of the message of refused connections"),
            "message": V("A1", "B1", f"{TOKEN}message of refused connections"),
            "data": V(FEW, MORE, f"{ONLY}data of refused connections"),
            "by_token": {
                "missing": {"message_prefix": V("A", "B", f"{TOKEN}beginning of the message of refused connections (missing)")},
                "malformed": refusal("malformed"), "forged": refusal("forged"), "expired": refusal("expired"),
            },
            "http_status": V(401, 403, f"{TOKEN}status without a good token"),
            "source": SOURCE,
        },
    },
    "events/say.json": {
        "event": "say", "summary": words("a", "b", "summary"), "source": SOURCE,
        "client_to_server": {
            "payload": V(fields(hall=TEXT, text=MORE), fields(hall=TEXT, text=FEW), f"{TAKES}`text`"),
            "effect": {
                "broadcast": V("said", GONE, f"{EFFECT}causes"), "membership": V("enter", "leave", f"{EFFECT}membership"),
                "other": V("a", "b", f"{EFFECT}effect in words"),
            },
            "deadline_ms": V(100, 200, "deadline-is-the-same: deadline"),
            "most_per_s": V(9, 8, "limits-are-not-lowered: rate"),
            "texts": words(["text"], [], "texts"),
            "invalid_answer": V("error", GONE, f"{ANSWERED}answer to bad requests"),
            "examples": examples(
                invalid=[{
                    "payload": V({}, {"text": "a"}, "words-are-for-people: examples"), "keyword": words("required", "required", ""),
                }, {"payload": {"hall": "a"}, "keyword": "required", "answer": V("error", GONE, f"{ANSWERED}answer to an invalid example")}],
            ),
        },
    },
    "events/args.json": event("args", client_to_server=asked(
        args=V([{"title": "hall", **TEXT}], [{"title": "hall", **TEXT}, TEXT], f"{TAKES}arguments"), payload=GONE,
        room={"kind": "hall", "at": V("/0", GONE, f"{ROOM}place of the room")},
        reply={"ack": True, "args": V([FEW], [MORE], f"{ONLY}answer")},
    )),
    "events/place.json": event("place", client_to_server=asked(
        room=V("/0/hall", "/0/text", f"{ROOM}place of the room"), payload=fields(hall=TEXT, text=TEXT),
    )),
    "events/kind.json": event("kind", client_to_server=asked(
        payload=fields(id=TEXT), room={"kind": V("hall", "lot", f"{ROOM}place of the room"), "at": "/0/id"},
    )),
    "events/ask.json": event("ask", client_to_server=asked(effect={"membership": "enter"}, reply={
        "ack": V(True, False, f"{ANSWERED}ack"), "event": V(GONE, "told", f"{ANSWERED}event that answers"),
        "payload": V(fields(at=FEW, users={}, many={}), fields(at=MORE, users={}, many={}), f"{ONLY}answer `at`"),
        "refused": {
            "at": V("/0/no", "/0/not", f"{ANSWERED}refusal"), "const": V(True, False, f"{ANSWERED}refusal"),
            "value": V({"type": "boolean"}, {"type": ["boolean", "null"]}, f"{ONLY}answer that refuses"),
        },
        "promises": V("membership", "nothing", f"{ANSWERED}what the answer promises"),
        "clocks": V({"at": "date-time"}, {}, f"{FIELDS}time in `at`"),
        "roster": {
            "members": V("/users", "/many", f"{ANSWERED}list of members"), "socket": V("/a", "/b", f"{ANSWERED}list of members"),
            "user": V("/a", "/b", f"{ANSWERED}list of members"), "count": V("/many", "/users", f"{ANSWERED}list of members"),
        },
        "examples": {"valid": words([{"at": "a", "users": 1, "many": 2}], [{"at": "b", "users": 1, "many": 2}], "examples")},
    })),
    "events/edit.json": event("edit", client_to_server=asked(given={
        "text": {"broadcast": V("said", GONE, f"{NAMED}`text` comes from"), "reply": V(GONE, "ask", f"{NAMED}`text` comes from"), "at": V("/text", "/at", f"{NAMED}`text` comes from")},
        "hall": V(GONE, {"broadcast": "said", "at": "/hall"}, f"{NAMED}`hall` comes from"),
    })),
    "events/peer.json": event("peer", client_to_server=asked(by=V(GONE, "peer", "message-is-still-there: emitted by"))),
    "events/said.json": event("said", namespace=V("/a", "/b", f"{NAMESPACE}namespace"), server_to_client=told(
        receivers=V("room", "everyone", "receivers-are-the-same: receivers"),
        caused_by={"call": V("add", "list", f"{EFFECT}causes"), "every_s": V(5, 9, f"{EFFECT}period"), "other": V("a", "b", f"{EFFECT}cause in words")},
        payload=V(fields(hall=TEXT, text=FEW, user=TEXT), fields(hall=TEXT, text=MORE, user=TEXT), f"{ONLY}`text`"),
        volatile=V(False, True, "delivery-is-as-sure: volatile"), deadline_ms=V(100, 200, "deadline-is-the-same: deadline"),
        echoes=V(["text"], [], f"{FIELDS}`text`"), clocks=V({"text": "date-time"}, {}, f"{FIELDS}time in `text`"),
        sender={"user": V("user", GONE, f"{FIELDS}sender"), "socket": V(GONE, "user", f"{FIELDS}sender")},
        room=V(GONE, {"kind": "hall", "at": "/0/hall"}, f"{ROOM}place of the room"),
        examples=examples(valid=words([{"hall": "a", "text": "b", "user": "c"}], [{"hall": "a", "text": "c", "user": "c"}], "examples")),
    )),
    "events/told.json": event("told", server_to_client=told(
        receivers={"user": V("/text", GONE, "receivers-are-the-same: receivers"), "socket": V(GONE, "/text", "receivers-are-the-same: receivers")},
        caused_by=[{"event": V("ask", "say", f"{EFFECT}causes"), "broadcast": V("said", GONE, f"{EFFECT}causes")}, {"event": "place"}],
        at_least_once=V(False, True, "delivery-is-as-sure: at_least_once"),
        args=V([FEW], [MORE], f"{ONLY}the payload"), payload=GONE,
        answer={
            "payload": V(MORE, FEW, f"{TAKES}answer of the client"),
            "examples": {"valid": words(["a"], ["b"], "examples"), "invalid": words([], [{"payload": 1, "keyword": "type"}], "examples")},
        },
    )),
    "events/acked.json": event("acked", server_to_client=told(
        caused_by={"event": "ask"}, answer={"args": V([MORE], [FEW], f"{TAKES}answer of the client"), "examples": {"valid": [["a"]]}},
    )),
    "events/asks.json": event("asks", server_to_client=told(
        caused_by=[{"event": "ask"}, {"disconnect": True, "when": V(GONE, "no one is left", f"{EFFECT}causes")}], answer=V(GONE, {"payload": TEXT, "examples": {"valid": ["a"]}}, "client-need-not-answer: ack of the client"),
    )),
    "events/problem.json": event("problem", server_to_client=told("requester", {"bad_request": V(True, GONE, f"{EFFECT}causes"), "event": "ask"})),
    "events/here.json": event("here", server_to_client=told("everyone", {"connection": V(True, GONE, f"{EFFECT}causes"), "disconnect": V(GONE, True, f"{EFFECT}causes")}, payload=fields(id=TEXT), sender={"socket": "id"})),
    "events/both.json": event("both", client_to_server=V(asked(), GONE, "event-keeps-its-direction: direction"),
                              server_to_client=V(GONE, told(caused_by={"event": "ask"}), "event-keeps-its-direction: direction")),
    "events/name.json": event(V("before", "after", "event-keeps-its-name: name"), client_to_server=asked(payload=fields(hall=TEXT, odd=FEW, even=MORE))),
    "http/add.json": {
        "call": "add", "summary": words("a", "b", "summary"), "source": SOURCE,
        "method": V("POST", "PUT", f"{CALL}call"), "path": "/notes/:hall/users/:user", "role": words("create", "create", ""),
        "effect": {"broadcast": V("said", GONE, f"{EFFECT}causes"), "membership": V("enter", "leave", f"{EFFECT}membership")},
        "texts": words(["text"], [], "texts"), "query": V({}, fields(page=TEXT), "request-needs-no-more: query `page`"),
        "body": V(fields(text=MORE), fields(text=FEW), f"{TAKES}body `text`"),
        "examples": {"valid": words([{"text": "a"}], [{"text": "b"}], "examples"),
                     "invalid": [{"payload": {}, "keyword": "required", "answer": V(400, 422, f"{CALL}status of an invalid example")}]},
        "invalid_answer": V(400, 422, f"{CALL}status of bad calls"),
        "answer": {
            "status": V([200], [201], f"{CALL}status"), "payload": V({}, {"type": "object"}, f"{ONLY}answer"),
            "id": V("/id", "/key", f"{CALL}place of its id"), "missing": V(404, 410, f"{CALL}status of what is not there"),
        },
    },
    "http/list.json": {
        "call": "list", "summary": "s", "source": "s", "method": "GET", "path": V("/notes/:hall", "/all/:hall", f"{CALL}call"),
        "role": words("list", "read", "role"), "after": V(GONE, "prime", f"{CALL}call before it"),
        "answer": {"status": [200], "payload": {}, "item": V("/a", "/b", f"{CALL}place of the resource"), "page": {
            "total": V("/n", "/m", f"{CALL}pages: total"), "skip": V("skip", "from", f"{CALL}pages: skip"),
            "limit": V("limit", "most", f"{CALL}pages: limit"), "most": V(10, 5, f"{CALL}pages: most items"),
            "order_by": V("at", "id", f"{CALL}pages: order_by"),
        }},
    },
    "http/first.json": {"call": V("first", "prime", f"{CALL}name of the call"), "summary": "s", "source": "s", "method": "GET", "path": "/first", "role": "health",
                        "answer": {"status": [200], "payload": {}}},
    "triggers/hooks.json": {
        "triggers": V("hooks", "crooks", "words-are-for-people: triggers"), "summary": "s", "source": "s",
        "events": {"said": {"method": "POST", "url": "/x"}},
    },
    "triggers/kept.json": {
        "triggers": "kept", "summary": words("a", "b", "triggers"), "source": words("a", "b", "triggers"), "calls": words(True, False, "triggers"),
        "events": {"said": {
            "method": words("POST", "PUT", "triggers"), "url": words("/a", "/b", "triggers"), "headers": words({"a": "b"}, {}, "triggers"),
            "needs": words(["a"], ["b"], "triggers"), "body": words(1, 2, "triggers"), "values": words({"text": ["a"]}, {"text": ["b"]}, "triggers"),
            "status": words([200], [201], "triggers"),
        }},
    },
}  # fmt: skip
"""A bundle in which every key differs, with what tells of it."""

SHORT: dict[str, Any] = {
    "bundle.json": {
        "bundle": "b", "title": "t", "version": "1", "summary": "s", "source": "s", "path": "/socket.io/", "namespace": "/",
        "room": {
            "template": V("hall:{hall}", "lot:{lot}", f"{ROOM}name of rooms"), "key": V("hall", "lot", f"{ROOM}field that names rooms"),
            "retired": V(["h:{hall}"], [], f"{ROOM}retired names of rooms"), "source": SOURCE,
        },
    },
    "events/join.json": event("join", client_to_server={
        "effect": {"membership": "enter"}, "payload": V(fields(hall=TEXT), fields(lot=TEXT), "request-needs-no-more: `lot`"),
    }),
}  # fmt: skip
"""The short form of one kind of rooms."""


def of(node: Any, which: str) -> Any:
    """The old or the new version of a tree."""
    if isinstance(node, V):
        return getattr(node, which)
    if isinstance(node, dict):
        inner = {key: of(value, which) for key, value in node.items()}
        return {key: value for key, value in inner.items() if value is not GONE}
    return [of(one, which) for one in node] if isinstance(node, list) else node


def differing(node: Any, where: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], V]]:
    """Every value that differs, and where it is."""
    if isinstance(node, V):
        yield where, node
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        yield from differing(value, (*where, key))


def along(where: tuple[str | int, ...], kind: str) -> Iterator[Key]:
    """The keys on the way to a place of a document."""
    found: list[tuple[Any, str]] = [(META["$defs"][kind], kind)]
    for step in where:
        inside = [part for schema, name in found for part in parts(schema, name)]
        found = []
        for part, name in inside:
            if step in part.get("properties", {}):
                yield name, str(step)
                found.append((part["properties"][step], f"{name}.{step}"))
            elif isinstance(step, int):
                found.append((part.get("items"), name))
            else:
                found.append((part.get("additionalProperties"), name))


def all_keys() -> set[Key]:
    return {key for kind in KINDS.values() for key in known(META["$defs"][kind], kind, set())}


@pytest.fixture(scope="module", params=[FILES, SHORT], ids=["all", "short"])
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, list[Found]]:
    made = []
    for which in ("old", "new"):
        folder = tmp_path_factory.mktemp("bundle")
        for name, tree in request.param.items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(of(tree, which), indent=1))
        made.append(version(which, str(folder)))
    return request.param, judge(Pair(old=made[0], new=made[1]), rules())


def test_every_key_belongs_to_a_rule_or_is_left_out_for_a_reason() -> None:
    assert {key for rule in rules() for key in rule.keys} | set(LEFT_OUT) == all_keys()


def test_every_key_differs_somewhere_here() -> None:
    here = {
        key
        for files in (FILES, SHORT)
        for name, tree in files.items()
        for where, _ in differing(tree)
        for key in along(where, KINDS[Path(name).parts[0].removesuffix(".json")])
    }
    assert all_keys() - here == set(LEFT_OUT)


def test_a_change_of_each_key_is_told_by_its_rule(found: tuple[Any, list[Found]]) -> None:
    files, changes = found
    told_of = {f"{one.rule.id}: {one.change.what}" for one in changes}
    for name, tree in files.items():
        for where, value in differing(tree):
            if value.old != value.new:
                rule, _, what = value.told.partition(": ")
                named = [one for one in told_of if one.startswith(f"{rule}: ") and what in one]
                assert named, (name, where, value.told, sorted(one for one in told_of if one.startswith(rule)))
