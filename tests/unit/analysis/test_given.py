"""Requests that a service may refuse, since they name what it has not given to their socket."""

import pytest

from conformance.analysis.given import not_given
from conformance.model.transcript import Sent
from contracts.load import load
from tests.running import ROOT
from tests.unit.scripts import EXAMPLE, outcomes, transcript_of

GUESTBOOK = load(str(ROOT / "tests/cases/guestbook_edits/contracts"))
START = """
ann opened a1 user=ua token=own
bob opened b1 user=ub token=own
ann in r1
bob in r1
ann -> entry:add {"book": "r1", "text": "one"} #1
ann <= entry:add #1 {"ok": true, "id": "e1"}
ann <- entry:added {"book": "r1", "id": "e1", "text": "one"}
bob <- entry:added {"book": "r1", "id": "e1", "text": "one"}
"""
EDIT = 'ann -> entry:edit {"book": "r1", "id": "e1", "text": "two"} #2\n'
REMOVE = 'ann -> entry:remove {"book": "r1", "id": "e1"} #2\n'
REFUSED = """
ann <= entry:edit #2 {"ok": false, "why": "no entry of yours"}
@9.0 ann -> entry:add {"book": "r1", "text": "last"} #8
ann <= entry:add #8 {"ok": true, "id": "e8"}
ann <- entry:added {"book": "r1", "id": "e8", "text": "last"}
bob <- entry:added {"book": "r1", "id": "e8", "text": "last"}
"""


def unsure(text: str) -> list[str]:
    """The events of the requests that may be refused."""
    transcript = transcript_of(text, GUESTBOOK)
    found = [transcript.entries[index] for index in sorted(not_given(GUESTBOOK, transcript.entries))]
    return [one.event for one in found if isinstance(one, Sent)]


def test_what_the_socket_was_given_is_known() -> None:
    assert unsure(START + EDIT) == []
    assert unsure(START + REMOVE) == []


@pytest.mark.parametrize(
    "text",
    [
        EDIT,
        START + EDIT.replace("e1", "e2"),
        START + REMOVE.replace("entry:remove", "entry:edit").replace('"}', '", "text": "x"}') + EDIT,
        START.replace("ann", "zoe") + EDIT.replace("ann", "eve"),
        EDIT + START,
    ],
    ids=["nothing given", "another id", "named before", "given to others", "given later"],
)
def test_what_it_was_not_given_may_be_refused(text: str) -> None:
    assert unsure(text) == ["entry:edit"]


def test_a_broadcast_gives_a_value_to_all_who_hear_it_and_an_answer_to_one() -> None:
    assert unsure(START + EDIT.replace("ann", "bob")) == []
    assert unsure(START + REMOVE.replace("ann", "bob")) == ["entry:remove"]


def test_contracts_without_such_fields_have_no_such_requests() -> None:
    text = 'ann -> pen:take {"room": "r1", "pen": "red"}'
    assert not_given(EXAMPLE, transcript_of(text).entries) == frozenset()


def test_to_refuse_what_was_given_is_a_fault() -> None:
    assert "fail" in outcomes("request-has-its-effect", START + EDIT + REFUSED, GUESTBOOK)


def test_to_refuse_what_was_not_given_is_none() -> None:
    script = START + EDIT.replace("e1", "e7") + REFUSED
    for rule in ("request-has-its-effect", "good-request-gets-no-error", "broadcast-arrives"):
        assert "fail" not in outcomes(rule, script, GUESTBOOK)


def test_to_carry_out_what_was_not_given_is_none_either() -> None:
    told = '{0} <- entry:edited {{"book": "r1", "id": "e7", "text": "two"}}\n'
    script = START + EDIT.replace("e1", "e7") + told.format("ann") + told.format("bob")
    for rule in ("bad-request-has-no-effect", "delivered-exactly-once", "everyone-in-the-room-receives"):
        assert "fail" not in outcomes(rule, script, GUESTBOOK)
