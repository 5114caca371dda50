"""What each rule is to be judged on follows from the contract: what is missing there is not asked for."""

import dataclasses

import pytest

from conformance.analysis.reading import read
from contracts.load import load
from contracts.model import Bundle
from tests.unit.scripts import EXAMPLE, RULES, transcript_of, without_requests

BROADCASTS = ["cursor:moved", "note:added", "pen:taken"]
REQUESTS = ["cursor:move", "pen:take", "room:end", "room:enter", "room:exit", "who"]
RECEIVED = [*BROADCASTS, "problem", "room:enter (reply)", "who (reply)"]
CREATE, LIST, READ, REMOVE = (
    "POST /notes/:room",
    "GET /notes/:room",
    "GET /notes/note/:id",
    "DELETE /boards/:room/users/:user",
)
TOKENS = ["token: missing", "token: not a token", "token: signed with another key", "token: expired"]

SUBJECTS = {
    "answer-to-a-join-means-membership": ["room:enter"],
    "bad-calls-are-refused": [CREATE],
    "bad-request-gets-an-error": REQUESTS,
    "bad-request-has-no-effect": REQUESTS[:-1],
    "bad-token-is-401": TOKENS,
    "bad-token-is-refused": TOKENS,
    "broadcast-arrives": BROADCASTS,
    "broadcast-equals-what-is-stored": ["note:added"],
    "calls-answer-as-documented": [CREATE, LIST, READ, REMOVE],
    "client-cannot-forge-broadcast": [*BROADCASTS, "problem"],
    "clock-fields-tell-now": ["note:added"],
    "created-is-stored-and-read-back": [CREATE],
    "disconnected-socket-is-gone": ["who"],
    "error-goes-to-the-requester-alone": ["problem"],
    "frames-can-be-parsed": RECEIVED,
    "good-request-gets-no-error": REQUESTS,
    "joining-twice-delivers-once": ["room:enter"],
    "junk-is-survived": ["junk: null", "junk: number", "junk: array", "junk: deep", "junk: big"],
    "junk-reaches-nobody": ["cursor:move", "pen:take"],
    "leaving-one-room-keeps-the-others": ["room:exit", "room:end", REMOVE],
    "nothing-after-close": ["room:end"],
    "nothing-after-leave": ["room:exit"],
    "nothing-after-removal": [REMOVE],
    "nothing-before-join": BROADCASTS,
    "order-is-kept": BROADCASTS,
    "pages-are-true": [LIST],
    "payload-is-one-argument": RECEIVED,
    "payload-keeps-its-schema": RECEIVED,
    "replies-go-to-the-requester-alone": ["who"],
    "reply-comes-once": ["room:enter", "who"],
    "request-has-its-effect": REQUESTS,
    "retired-name-is-absent": ["note:new"],
    "retired-request-does-nothing": ["note:send"],
    "roster-is-true": ["who"],
    "sender-hears-as-documented": ["cursor:moved", "pen:taken"],
    "sender-is-named-truly": ["cursor:moved"],
    "unknown-id-is-not-found": [READ],
}


@pytest.mark.parametrize("rule", SUBJECTS)
def test_a_rule_asks_of_the_example_contract_what_it_documents(rule: str) -> None:
    assert list(RULES[rule].subjects(EXAMPLE)) == SUBJECTS[rule]


def without_calls(*roles: str) -> Bundle:
    calls = {name: call for name, call in EXAMPLE.calls.items() if call.role not in roles}
    return dataclasses.replace(EXAMPLE, calls=calls)


NO_ERRORS = dataclasses.replace(EXAMPLE, errors=None)
NO_REFUSAL = dataclasses.replace(EXAMPLE, refusal=None)

LESS = {
    "no roster": ("disconnected-socket-is-gone", without_requests("who"), []),
    "no roster to be true": ("roster-is-true", without_requests("who"), []),
    "no way to leave": ("nothing-after-leave", without_requests("room:exit"), []),
    "no way to close": ("nothing-after-close", without_requests("room:end"), []),
    "no way to join": ("joining-twice-delivers-once", without_requests("room:enter"), []),
    "no call that removes": ("nothing-after-removal", without_calls("leave"), []),
    "one way out": ("leaving-one-room-keeps-the-others", without_requests("room:end"), ["room:exit", REMOVE]),
    "no call that takes a user out": ("leaving-one-room-keeps-the-others", without_calls("leave"), REQUESTS[4:1:-2]),
    "nothing to read back": ("broadcast-equals-what-is-stored", without_calls("read"), []),
    "nothing that is created": ("broadcast-equals-what-is-stored", without_calls("create"), []),
    "no list": ("created-is-stored-and-read-back", without_calls("list"), []),
    "no creation": ("created-is-stored-and-read-back", without_calls("create"), []),
    "no error event": ("bad-request-gets-an-error", NO_ERRORS, []),
    "no error event that could be wrong": ("good-request-gets-no-error", NO_ERRORS, []),
    "no error event that could go astray": ("error-goes-to-the-requester-alone", NO_ERRORS, []),
    "no documented refusal": ("bad-token-is-refused", NO_REFUSAL, []),
}


@pytest.mark.parametrize("what", LESS)
def test_what_a_contract_does_not_document_is_not_asked_for(what: str) -> None:
    rule, bundle, subjects = LESS[what]
    assert list(RULES[rule].subjects(bundle)) == subjects


def test_a_rule_asks_of_a_service_that_shares_names_between_directions_what_it_documents() -> None:
    sos = load("sos")
    subjects = {
        rule: list(RULES[rule].subjects(sos))
        for rule in ("client-cannot-forge-broadcast", "nothing-before-join", "calls-answer-as-documented")
    }
    assert not {"message:typing:start", "message:typing:stop"} & set(subjects["client-cannot-forge-broadcast"])
    assert "participant:left:broadcast" not in subjects["nothing-before-join"]
    assert "GET /health" not in subjects["calls-answer-as-documented"]
    assert "GET /health" in {call.title for call in sos.calls.values()}
    join = EXAMPLE.events["room:enter"]
    assert join.request is not None
    silent = dataclasses.replace(join, request=dataclasses.replace(join.request, reply=None))
    bundle = dataclasses.replace(EXAMPLE, events={**EXAMPLE.events, "room:enter": silent})
    assert list(RULES["answer-to-a-join-means-membership"].subjects(bundle)) == []
    take = EXAMPLE.events["pen:take"]
    assert take.request is not None
    unanswered = tuple(dataclasses.replace(one, answer=None) for one in take.request.examples.invalid)
    examples = dataclasses.replace(take.request.examples, invalid=unanswered)
    quiet = dataclasses.replace(take, request=dataclasses.replace(take.request, examples=examples))
    bundle = dataclasses.replace(EXAMPLE, events={**EXAMPLE.events, "pen:take": quiet})
    assert "pen:take" not in RULES["bad-request-gets-an-error"].subjects(bundle)


SAID = """
ann opened a1 token=own
bob opened b1 token=own
ann in r1
bob in r1
ann -> who {"room": "r1"} #1
ann <= who #1 {"room": "r1", "sockets": [], "count": 0}
ann -> pen:take {"room": "r1"}
ann <- problem {"code": "X"}
http add-note {"room": "r1"} {"text": "hello"} => 201 {"id": "n1", "room": "r1", "text": "hello", "at": 1}
http list-notes {"room": "r1"} token=garbage => 200 {"notes": [], "total": 0}
gil refused garbage NO_TOKEN
bob closed us
bob out r1
"""


def test_what_is_created_is_judged_only_where_its_creation_is_documented() -> None:
    text = 'bob <- note:added {"id": "n1", "room": "r1"}\nhttp read-note {"id": "n1"} => 404 {}\n'
    without = dataclasses.replace(EXAMPLE.calls["add-note"], broadcasts=())
    quiet = dataclasses.replace(EXAMPLE, calls={**EXAMPLE.calls, "add-note": without})
    found = [
        list(RULES["stored-before-broadcast"].judge(read(bundle, transcript_of(text))))
        for bundle in (without_calls("create"), quiet)
    ]
    assert found == [[], []]
    assert list(RULES["stored-before-broadcast"].subjects(quiet)) == []
    assert list(RULES["broadcast-equals-what-is-stored"].judge(read(quiet, transcript_of(SAID)))) == []


def test_a_bundle_without_requests_has_nothing_that_is_emitted_on_connecting() -> None:
    assert list(RULES["what-is-emitted-on-connecting-is-heard"].subjects(EXAMPLE)) == ["right after connecting"]
    assert list(RULES["what-is-emitted-on-connecting-is-heard"].subjects(without_requests(*REQUESTS))) == []
    built = load("sos-built")
    assert "sos:room:joined" not in RULES["sender-hears-as-documented"].subjects(built)


@pytest.mark.parametrize("what", LESS)
def test_what_a_contract_does_not_document_is_not_judged(what: str) -> None:
    rule, bundle, subjects = LESS[what]
    if not subjects:
        assert list(RULES[rule].judge(read(bundle, transcript_of(SAID)))) == []
