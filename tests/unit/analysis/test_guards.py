"""Conditions under which the analysis leaves something out: each has a test that fails without it."""

import dataclasses

import msgspec
import pytest

from conformance.analysis.audience import Audience, audience_of
from conformance.analysis.due import is_own, marks_of
from conformance.analysis.forgery import Attempt, _namesakes, _room, attempts_in, forged_entries
from conformance.analysis.matching import token
from conformance.analysis.promises import joined, starts
from conformance.analysis.queries import is_answered_by_error, not_taken, replies, unexplained
from conformance.analysis.reading import read
from conformance.analysis.recorded import named, of_a_permitted_call, params_of, prepared
from conformance.analysis.room_names import elsewhere, unheard
from conformance.model.transcript import OVER_LIMIT, Called, Marked, Opened, Sent
from conformance.model.verdict import Outcome, failed
from contracts.load import load
from contracts.model import Bundle
from contracts.schema import Schema
from tests.running import ROOT
from tests.unit.scripts import EXAMPLE, PAIR, reading_of, transcript_of

DEPOT, POSTBOX, STUDIO, TOLLGATE, ARCADE, COURIERS = (
    load(str(ROOT / "tests" / "cases" / name / "contracts"))
    for name in (
        "depot_receivers",
        "postbox_users",
        "studio_entered_by_call",
        "tollgate_acks",
        "arcade_handshake",
        "couriers_own_tabs",
    )
)
MORE = load("example-more")
RED = '{"room": "r1", "pen": "red"}'


def audience(bundle: Bundle, event: str, *, sender: str | None = None, **given: object) -> Audience | None:
    broadcast = bundle.broadcast(event)
    assert broadcast is not None
    entries = transcript_of("ann opened a1\nbob opened b1\n", bundle).entries
    users = {"ann": frozenset({"ua"}), "bob": frozenset({"ub"})}
    return audience_of(bundle, broadcast, given, entries, users, sender)


def test_a_cause_that_names_no_receiver_has_no_audience() -> None:
    assert audience(DEPOT, "paged", text="x") is None
    assert audience(DEPOT, "rerouted", driver={"socket": "b1"}, text="x") is None
    assert audience(DEPOT, "rerouted", line="r1", driver={"socket": "b1"}, text="x") == Audience(
        name="the room 'r1' and the socket 'b1'", room="r1", named=frozenset({"bob"})
    )


def test_what_comes_to_its_sender_too_has_no_audience_where_nobody_sent_it() -> None:
    assert audience(COURIERS, "note", to="ub") is None
    assert audience(COURIERS, "note", to="ub", sender="ann") == Audience(
        name="the user 'ub' and the sockets of ann's user", named=frozenset({"ann", "bob"})
    )


def test_a_user_is_named_by_what_its_sockets_are_known_as() -> None:
    assert audience(POSTBOX, "letter:came", to="ub", text="x") == Audience(
        name="the user 'ub'", named=frozenset({"bob"})
    )
    assert audience(POSTBOX, "letter:came", to="b1", text="x") == Audience(name="the user 'b1'")


def test_what_was_emitted_early_and_not_heard_causes_nothing() -> None:
    text = PAIR + f"eve opened e1 user=ue token=own\neve in r1\neve ->! pen:take {RED}\n"
    assert reading_of(text).provocations == ()
    assert len(reading_of(text + f"bob <- pen:taken {RED}\n").provocations) == 1
    assert len(reading_of(text.replace("->!", "->")).provocations) == 1


def test_an_answer_that_refuses_a_join_promises_no_membership() -> None:
    watch = TOLLGATE.events["gate:watch"]
    assert watch.request is not None
    assert watch.request.reply is not None
    lenient = dataclasses.replace(watch.request.reply, payload=Schema({"type": "object"}))
    request = dataclasses.replace(watch.request, reply=lenient)
    bundle = dataclasses.replace(
        TOLLGATE, events={**TOLLGATE.events, "gate:watch": dataclasses.replace(watch, request=request)}
    )
    text = 'ann opened a1\nann -> gate:watch {"gate": "g1"} #1\nann <= gate:watch #1 {"ok": %s}\n'
    assert [one.room for one in joined(reading_of(text % "true", bundle))] == ["g1"]
    assert list(joined(reading_of(text % "false", bundle))) == []


def test_what_calls_cause_comes_in_any_order_so_that_a_later_one_does_not_show_that_one_is_lost() -> None:
    asked = (
        PAIR
        + 'eve opened e1 user=ue\n@1.1 eve -> room:enter {"room": "r1"} #1\n@2 eve <= room:enter #1 {"room": "r1", "entered": true}\n'
    )
    notes = "".join(
        f'@{at_s} http add-note {{"room": "r1"}} {{"text": "{text}"}} => 201 {{}}\n'
        + "".join(f'{actor} <- note:added {{"id": "n", "room": "r1", "text": "{text}", "at": 1}}\n' for actor in actors)
        for at_s, text, actors in ((3, "a", ["bob"]), (3.3, "b", ["bob", "eve"]))
    )
    fence = '@3.6 eve -> who {"room": "r1"} #5\neve <= who #5 {"room": "r1", "sockets": [], "count": 0}\n'

    def counts(ended_s: float) -> list[tuple[int, int, int]]:
        found = joined(reading_of(asked + notes + fence, ended_s=ended_s))
        return [(len(one.heard), len(one.missed), len(one.unproven)) for one in found]

    assert counts(4.0) == [(1, 0, 1)]
    assert counts(9.0) == [(1, 1, 0)]


def test_the_deadline_of_an_event_runs_from_its_own_time_where_only_what_follows_another_came_late() -> None:
    wiped = '{"room": "r1", "by": "x"}'
    text = (
        PAIR
        + f"ann -> board:wipe {wiped}\n@1.5 bob <- board:wiped {wiped}\n@2 ann -> pen:take {RED}\n@2.1 bob <- pen:taken {RED}\n"
    )
    reading = reading_of(text + f"@3 bob <- board:logged {wiped}\n", MORE)
    due = {one.event: one.due_s for one in reading.provocations if one.at_s >= 0.05}
    assert due == {"board:wiped": 0.05, "board:state": 1.5, "board:logged": 1.5, "pen:taken": 2.0}


def test_truth_is_no_number_and_not_the_same_as_its_opposite() -> None:
    assert len({token(value) for value in (True, False, 1, 0, None, "True")}) == 6
    assert token({"a": [True]}) == token({"a": [True]}) != token({"a": [1]})


def test_only_a_text_is_that_of_one_act() -> None:
    assert not is_own(EXAMPLE, {"number": 5}, ["r1"])
    assert is_own(EXAMPLE, {"number": 5, "text": "said in r1"}, ["r1"])


def test_a_user_that_other_acts_have_as_well_is_no_mark_of_this_one() -> None:
    transcript = transcript_of("ann opened a1 user=ua\nbob opened b1 user=u-script-2\neve opened e1\n")
    assert marks_of(transcript) == {"a1", "b1", "e1", "u-script-2"}


def test_an_event_that_documents_have_is_no_other_name_for_one_that_is_like_it() -> None:
    (one,) = attempts_in(reading_of(PAIR + 'ann -> note:added {"room": "r1", "text": "forged0123456789"}\n'))
    likes: tuple[Attempt, ...] = (one, dataclasses.replace(one, event="note:adds"))
    assert _namesakes(likes, "note:added", frozenset({"note:added"})) == [one]
    assert _namesakes(likes, "note:added", frozenset()) == list(likes)


def test_an_error_that_came_to_a_socket_that_had_connected_refused_nothing() -> None:
    text = 'bob opened b1 user=ub token=own\nbob -> who {"room": "r1"} #1\nbob <- problem {"code": "X"}\n'
    reading = reading_of(text, MORE)
    greeting = next(one for one in reading.provocations if one.event == "welcome")
    assert greeting.of_socket
    assert reading.refusal(greeting) is None


def test_a_socket_that_came_is_known_by_its_id_and_its_user_where_no_field_names_it() -> None:
    reading = reading_of("bob opened b1 user=ub token=own\n", MORE)
    assert {one.event: one.users for one in reading.provocations} == {"welcome": {"ub", "b1"}, "guest:came": {"b1"}}


def test_a_greeting_does_not_show_that_what_the_socket_sent_was_read() -> None:
    text = 'bob opened b1 user=ub token=own\nbob -> who {"room": "r1"} #1\n'
    greeted = text + 'bob <- welcome {"version": "1"}\n'
    assert reading_of(greeted, MORE).taken("bob", 0.0) is None
    answered = greeted + 'bob <= who #1 {"room": "r1", "sockets": [], "count": 0}\n'
    assert reading_of(answered, MORE).taken("bob", 0.0) == 3


def test_a_choice_of_values_is_not_surely_forged_because_another_form_surely_is() -> None:
    mark = "forged0123456789"
    blue, green = '{"room": "r1", "pen": "blue"}', f'{{"room": "r1", "pen": "green", "x": "{mark}"}}'
    emitted = f"ann -> pen:taken {blue}\nann -> pen:taken {green}\n"
    reading = reading_of(PAIR + emitted + f"bob <- pen:taken {blue}\nbob <- pen:taken {green}\n")
    assert forged_entries(reading) == {7}


def test_a_room_that_is_a_number_is_named_by_its_digits() -> None:
    assert ARCADE.room.has_numbers
    assert _room(ARCADE, (7,)) == "7"
    assert _room(ARCADE, (True,)) is None
    assert _room(EXAMPLE, (7,)) is None
    assert _room(EXAMPLE, ('{"room": "r1"}',)) == "r1"
    assert _room(EXAMPLE, ("r1",)) == "r1"


def test_what_others_than_a_room_receive_may_come_of_another_act() -> None:
    reading = reading_of(
        'ann opened a1\nann <- announced {"text": "x"}\nann <- rerouted {"line": "r1", "text": "x"}\n', DEPOT
    )
    assert unexplained(reading, "ann", 0.0, "announced") == []
    tick = reading_of('bob opened b1\nbob in r1\nbob <- board:tick {"room": "r1", "tick": 1}\n', MORE)
    assert unexplained(tick, "bob", 0.0, "board:tick") == []
    note = reading_of(PAIR + 'bob <- note:added {"id": "n", "room": "r1", "text": "x", "at": 1}\n')
    assert unexplained(note, "bob", 0.0, "note:added") == [4]


def call(**changed: object) -> Called:
    (made,) = transcript_of('http add-note {"room": "r1"} {"text": "x"} => 201 {}').entries
    assert isinstance(made, Called)
    return msgspec.structs.replace(made, **changed)


def test_an_answer_that_is_larger_than_we_read_is_told_by_that_limit() -> None:
    reading = reading_of('http add-note {"room": "r1"} {"text": "x"} => 201 {}')
    why = f"{OVER_LIMIT} an answer of 1 GiB"
    said = not_taken(reading, 0, call(status=None, answer=why), EXAMPLE.calls["add-note"])
    assert said is not None
    assert (said.outcome, said.message) == (Outcome.INCONCLUSIVE, why)
    assert not_taken(reading, 0, call(), EXAMPLE.calls["add-note"]) is None


RECORDED = {
    "a documented call": ("GET", "/notes/r1", "list-notes", {"room": "r1"}),
    "another method": ("PATCH", "/notes/r1", "GET /x", {}),
    "another path": ("GET", "/elsewhere", "GET /x", {}),
    "an empty parameter": ("GET", "/notes//", "GET /x", {}),
}


@pytest.mark.parametrize("what", RECORDED)
def test_a_recorded_call_has_the_name_that_contracts_have_for_it_or_its_own(what: str) -> None:
    method, path, name, params = RECORDED[what]
    made = named(EXAMPLE, call(call="GET /x", method=method, path=path, params={}))
    assert (made.call, made.params) == (name, params)


def test_an_empty_part_of_a_path_is_no_parameter() -> None:
    between = EXAMPLE.calls["unseat"]
    assert params_of(between, "/boards//users/u1") is None
    assert params_of(between, "/boards/r1/users/u1") == {"room": "r1", "user": "u1"}


def test_a_token_that_was_shown_and_taken_is_the_clients_own_and_no_other_is() -> None:
    text = "ann opened a1 token=shown\nbob opened b1\neve opened e1 token=forged\n"
    (transcript,) = prepared(EXAMPLE, msgspec.structs.replace(transcript_of(text), namespace="/"))
    assert [one.token for one in transcript.entries if isinstance(one, Opened)] == ["own", "none", "forged"]


def test_where_a_connection_ends_the_acks_of_others_still_tell_that_they_left() -> None:
    left = 'ann opened a1\nbob opened b1\nann in g1\nbob in g1\nann -> gate:leave {"gate": "g1"} #1\n'
    left += 'bob -> gate:leave {"gate": "g1"} #1\nbob closed service\n'
    answers = "ann <= gate:leave #1\nbob <= gate:leave #1\n"
    (transcript,) = prepared(TOLLGATE, msgspec.structs.replace(transcript_of(left + answers, TOLLGATE), namespace="/"))
    assert [one.actor for one in transcript.entries if isinstance(one, Marked) and one.mark == "out"] == ["ann"]


@pytest.mark.parametrize(
    ("status", "doubt"),
    [
        (201, ""),
        (404, "the service refused the call with 404; whether it had a reason cannot be told"),
        (500, ""),
        (None, "the connection ended before the call was answered, and by whom cannot be told"),
    ],
)
def test_a_service_may_refuse_a_call_that_a_client_makes(status: int | None, doubt: str) -> None:
    reading = read(EXAMPLE, msgspec.structs.replace(transcript_of(""), entries=(call(status=status),)))
    assert of_a_permitted_call(reading, failed("s", "201", "other", 0)) == doubt


def test_a_broadcast_to_others_than_a_room_was_not_sent_to_another_room() -> None:
    reading = reading_of('ann opened a1\nbob opened b1\nann -> page {"to": "b1", "text": "x"}\n', DEPOT)
    (page,) = reading.provocations
    finding = unheard(reading, page, "paged", "paged at b1", "nothing")
    assert (finding.got, finding.hint) == ("nothing", "")
    assert elsewhere(reading, page) is None


def test_what_a_socket_emitted_later_is_nothing_that_it_emitted_early() -> None:
    text = PAIR + 'eve opened e1 user=ue\neve -> who {"room": "r1"} #1\neve ->! who {"room": "r1"} #2\n'
    (start,) = starts(reading_of(text))
    assert (start.actor, start.heard, start.lost) == ("eve", (), ())
    answers = '@9 eve -> who {"room": "r1"} #3\neve <= who #3 {"room": "r1", "sockets": [], "count": 0}\n'
    (start,) = starts(reading_of(text + answers))
    assert (start.heard, start.lost) == ((), (6,))


def test_a_reply_is_that_of_the_request_with_its_number() -> None:
    answered = 'ann <= who #1 {"room": "r1", "sockets": [], "count": 0}\n'
    asked = PAIR + 'ann -> who {"room": "r1"}\nann -> who {"room": "r1"} #1\n' + answered
    assert [index for index, *_ in replies(reading_of(asked))] == [6]
    assert [index for index, *_ in replies(reading_of(PAIR + "ann -> who {} #1\n" + answered))] == []


@pytest.mark.parametrize(("move", "documented"), [('{"table": "r1"}', True), ('{"table": "r1", "x": 1}', False)])
def test_the_room_that_a_socket_remembers_is_no_field_of_what_is_answered_by_an_error(
    move: str, documented: bool
) -> None:
    (sent,) = transcript_of(f"ann -> move {move}", ARCADE).entries
    request = ARCADE.request("move")
    assert isinstance(sent, Sent)
    assert request is not None
    assert is_answered_by_error(reading_of("", ARCADE), sent, request) is documented


def test_a_call_enters_the_sockets_of_the_user_that_it_names_and_not_of_one_that_is_called_as_the_room() -> None:
    text = "ann opened a1 user=ua token=own\nbob opened b1 user=r1 token=own\n"
    put = 'http put-on-air {"studio": "r1", "user": "ua"} => 200 {"studio": "r1"}\n'

    def entered(text: str) -> set[tuple[str, str]]:
        return {(stay.actor, stay.room) for stay in reading_of(text, STUDIO).stays}

    assert entered(text + put) == {("ann", "r1")}
    assert entered(text + put.replace("200", "404")) == set()
    assert entered(text + "ann closed us\n" + put) == set()


def test_a_call_that_was_not_answered_may_have_entered() -> None:
    unanswered = call(call="put-on-air", params={"studio": "r1", "user": "ua"}, status=None)
    transcript = transcript_of("ann opened a1 user=ua token=own\n", STUDIO)
    reading = read(STUDIO, msgspec.structs.replace(transcript, entries=(*transcript.entries, unanswered)))
    assert [(stay.actor, stay.room) for stay in reading.stays] == [("ann", "r1")]
