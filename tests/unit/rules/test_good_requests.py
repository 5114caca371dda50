"""A good request that gets an error: what sets it apart from one that was taken."""

from dataclasses import replace

import pytest

from contracts.load import load
from contracts.replies import RefusedAck, Reply
from contracts.schema import Schema
from tests.unit.scripts import EXAMPLE, PAIR, findings, messages, outcomes

GOOD, JOIN = "good-request-gets-no-error", "answer-to-a-join-means-membership"
SOS = load("sos")


def take(actor: str, pen: str, answer: str = "taken", more: str = "", room: str = "") -> str:
    """A request in a room of the actor's own, or in another."""
    payload = f'{{"room": "{room or actor}", "pen": "{pen}"{more}}}'
    came = f"{actor} <- pen:taken {payload}\n" if answer == "taken" else f'{actor} <- problem {{"code": "{answer}"}}\n'
    return f"{actor} opened {actor}1\n{actor} -> pen:take {payload}\n" + (came if answer else "")


JUDGED = {
    "refused in another room": (
        take("a", "red") + take("b", "red", "X"), ["pass", "inconclusive"],
    ),
    "taken": (take("a", "red"), ["pass"]),
    "taken, and something later came": (
        take("a", "red") + 'a -> who {"room": "r1"} #1\na <= who #1 {"room": "r1", "sockets": [], "count": 0}\n', ["pass"],
    ),
    "refused for its value": (take("a", "red") + take("b", "blue", "X"), ["pass", "fail"]),
    "refused like all": (take("a", "red", "X"), ["inconclusive"]),
    "refused like another": (take("a", "red") + take("b", "red", "X"), ["pass", "inconclusive"]),
    "refused for its value, with the error of one that nothing sets apart": (
        take("a", "red") + take("b", "red", "X") + take("c", "blue", "X"), ["pass", "inconclusive", "inconclusive"],
    ),
    "refused for its value, with another error": (
        take("a", "red") + take("b", "red", "X") + take("c", "blue", "Y"), ["pass", "inconclusive", "fail"],
    ),
    "refused for one of two values": (
        take("a", "red") + take("b", "blue", "X") + take("c", "blue", "Y", ', "more": 1'), ["pass", "fail"],
    ),
    "after the subject was closed": (
        take("a", "red") + 'a -> room:end {"room": "b"}\n' + take("b", "blue", "X"), ["pass", "inconclusive"],
    ),
    "refused for its value, or for what another had done in its room": (
        take("a", "red") + take("b", "blue", "X", room="a"), ["pass", "inconclusive"],
    ),
    "refused for its value, or for what it had done itself": (
        take("a", "red") + take("a", "blue", "X").split("\n", 1)[1], ["inconclusive", "inconclusive"],
    ),
    "refused for its value, after what another had done before, too": (
        take("a", "red") + take("b", "red", room="a") + take("c", "red", room="d") + take("d", "blue", "X"),
        ["pass", "inconclusive"],
    ),
    "before the subject was closed": (
        take("a", "red") + take("b", "blue", "X") + 'e opened e1\ne -> room:end {"room": "b"}\n', ["pass", "inconclusive", "fail"],
    ),
    "after another subject was closed": (
        take("a", "red") + 'e opened e1\ne -> room:end {"room": "r2"}\n' + take("b", "blue", "X"), ["pass", "inconclusive", "fail"],
    ),
    "one of two that may be refused": (
        "a opened a1\n" + 'a -> pen:take {"room": "r1", "pen": "red"}\na -> who {"room": "r1"}\na <- problem {}\n', ["inconclusive"] * 2,
    ),
    "a bad one": ('a opened a1\na -> pen:take {"room": "r1"}\na <- problem {}\n', []),
    "one that was answered before": (
        'a opened a1\na -> who {"room": "r1"} #1\na <= who #1 {"room": "r1", "sockets": [], "count": 0}\n'
        'a -> pen:take {"room": "r1", "pen": "red"}\na <- problem {}\n',
        ["pass", "inconclusive"],
    ),
    "the same twice": (take("a", "red") + take("b", "red"), ["pass"]),
}  # fmt: skip


PLAYED = {what: (PAIR + text, expected) for what, (text, expected) in JUDGED.items()}


@pytest.mark.parametrize("what", PLAYED)
def test_a_good_request_is_compared_with_one_that_was_taken(what: str) -> None:
    text, expected = PLAYED[what]
    assert outcomes(GOOD, text) == expected


def test_what_is_taken_in_a_closed_subject_accuses_no_refusal_in_another() -> None:
    closed = 'e opened e1\ne -> room:end {"room": "a"}\ne -> room:end {"room": "b"}\n'
    assert "fail" not in outcomes(GOOD, PAIR + closed + take("a", "red") + take("b", "blue", "X"))


def test_a_request_is_compared_with_those_of_its_name_alone() -> None:
    asked = 'a opened a1\na -> who {"room": "a"} #1\na <= who #1 {"room": "a", "sockets": [], "count": 0}\n'
    assert [one for one in messages(GOOD, PAIR + asked + take("b", "blue", "X")) if "simplest valid payload" in one]


def test_what_sets_a_refused_request_apart_is_told() -> None:
    text = PAIR + take("a", "red") + take("b", "blue", "X") + take("c", "green", "Y")
    (found,) = [one for one in findings(GOOD, text) if one.outcome == "fail"]
    assert found.message == (
        'expected no problem for `pen` "blue", `pen` "green", which the contract allows, '
        'got {"code": "X"} for `pen` "blue"; {"code": "Y"} for `pen` "green"'
    )
    assert found.evidence == (5, 8, 9, 5, 11, 12)


def test_a_request_that_was_refused_and_broadcast_is_told_as_that() -> None:
    text = PAIR + take("a", "red") + take("b", "blue", "X") + 'b <- pen:taken {"room": "b", "pen": "blue"}\n'
    (found,) = [one for one in findings(GOOD, text) if one.outcome == "fail"]
    assert found.got == '{"code": "X"} for `pen` "blue", and the broadcast besides'


def acked(said: str, *, told: bool) -> list[str]:
    """What is found of a request that is answered by that ack, and whose broadcast comes or not."""
    event = EXAMPLE.events["pen:take"]
    assert event.request is not None
    reply = Reply(payload=Schema({}), ack=True, refused=RefusedAck(at="/0/code"))
    bundle = replace(
        EXAMPLE, events={**EXAMPLE.events, "pen:take": replace(event, request=replace(event.request, reply=reply))}
    )
    asked = take("a", "red", "taken" if told else "").replace('"red"}\n', '"red"} #1\n', 1)
    return outcomes(GOOD, PAIR + "a in r1\n" + asked + f"a <= pen:take #1 {said}\n", bundle)


def test_an_ack_that_refuses_what_had_its_effect_is_a_fault() -> None:
    refusal = '{"code": "NO_PEN"}'
    assert acked(refusal, told=True) == ["fail"]
    assert acked(refusal, told=False) == ["inconclusive"]
    assert "fail" not in acked('{"ok": true}', told=True)


def place(actor: str, latitude: float, answer: str = "", device: str = "") -> str:
    said = f'"latitude": {latitude}, "longitude": 1.5, "accuracy": 4.5{device}'
    text = f'{actor} opened {actor}1\n{actor} -> location:update {{"sosId": "{actor}", {said}}}\n'
    return text + (f'{actor} <- error {{"code": "{answer}", "message": "m"}}\n' if answer else "")


def test_fields_that_are_left_out_or_given_besides_set_a_request_apart() -> None:
    def failures(text: str) -> list[str]:
        return [one.message for one in findings(GOOD, PAIR + text, SOS) if one.outcome == "fail"]

    given = failures(place("a", 27.5) + place("b", 27.5, "X", ', "deviceId": "d"'))
    assert given[0].startswith('expected no error for `deviceId` "d", which the contract allows')
    left_out = failures(place("a", 27.5, "", ', "deviceId": "d"') + place("b", 27.5, "X"))
    assert left_out[0].startswith("expected no error for no `deviceId`, which")
    both = failures(place("a", 27.5) + place("b", 0, "X") + place("c", 0, "X", ', "deviceId": "d"'))
    assert both[0].startswith("expected no error for `latitude` 0, which")
    pair = failures(place("a", 27.5) + place("c", 0, "X", ', "deviceId": "d"'))
    assert pair[0].startswith('expected no error for `latitude` 0 and `deviceId` "d", which')


def test_a_field_inside_an_object_is_named_by_its_path() -> None:
    inner = ', "o": {"n": 1, "room": "x"}'
    other = inner.replace("1", "2").replace('"x"', '"y"')
    text = PAIR + take("a", "red", more=inner) + take("b", "red", "X", other)
    assert [one for one in messages(GOOD, text) if "`o.n` 2" in one]
    was_none = PAIR + take("a", "red", more=', "o": 7') + take("b", "red", "X", inner)
    assert [one for one in messages(GOOD, was_none) if '`o` {"n": 1}' in one]
    no_object = PAIR + take("a", "red", more=inner) + take("b", "red", "X", ', "o": 7')
    assert [one for one in messages(GOOD, no_object) if "`o` 7" in one]


ENTERED = (
    PAIR + "@1 eve opened e1 user=ue\n"
    '@1.1 eve -> room:enter {"room": "r1"} #1\n@2 eve <= room:enter #1 {"room": "r1", "entered": true}\n'
)


def note(at_s: float, text: str, *actors: str) -> str:
    heard = f'note:added {{"id": "n", "room": "r1", "text": "{text}", "at": 1}}\n'
    added = f'@{at_s} http add-note {{"room": "r1"}} {{"text": "{text}"}} => 201 {{}}\n'
    return added + "".join(f"@{at_s + 0.1:.1f} {actor} <- {heard}" for actor in actors)


def test_a_join_that_comes_after_its_answer_is_told_with_what_was_missed() -> None:
    text = ENTERED + note(2.5, "z", "eve", "bob") + note(3, "a", "bob") + note(4, "b", "eve", "bob")
    (found,) = findings(JOIN, text)
    assert found.message == (
        "expected note:added, caused 1000 ms after the answer to the join, at eve, got nothing, while others received it: "
        "the join came after its answer, and the first that the socket received was caused 2000 ms after it"
    )
    assert found.evidence == (5, 6, 10, 11, 12, 13)
    assert found.subject == "room:enter"
    assert found.hint == "answer once the socket is in the room: await what joins it"
    (heard,) = findings(JOIN, ENTERED + note(3, "a", "eve"))
    assert (heard.message, heard.evidence) == ("eve received what was caused 1000.0 ms after the answer", (6, 7, 8))
    open_yet = (
        ENTERED
        + note(3, "a")
        + note(3.2, "b", "eve")
        + '@5 bob <- note:added {"id": "n", "room": "r1", "text": "a", "at": 1}\n'
    )
    (unproven,) = findings(JOIN, open_yet)
    assert unproven.outcome == "inconclusive"
    assert unproven.evidence == (6, 7)
    assert unproven.message.startswith("note:added, caused 1000 ms after the answer, did not come to eve")


def taken(at_s: float, sender: str, pen: str, *actors: str) -> str:
    heard = f'pen:taken {{"room": "r1", "pen": "{pen}"}}\n'
    emitted = f'@{at_s} {sender} -> pen:take {{"room": "r1", "pen": "{pen}"}}\n'
    return emitted + "".join(f"@{at_s + 0.1:.1f} {actor} <- {heard}" for actor in actors)


@pytest.mark.parametrize(
    ("second", "ended_s", "expected"), [("ann", 4.5, "fail"), ("bob", 4.5, "inconclusive"), ("bob", 9, "fail")]
)
def test_broadcasts_of_two_sockets_may_overtake_each_other_between_nodes(second, ended_s, expected) -> None:
    text = ENTERED + taken(3, "ann", "red", "ann", "bob") + taken(4, second, "blue", "ann", "bob", "eve")
    assert outcomes(JOIN, text, ended_s=ended_s) == [expected]
