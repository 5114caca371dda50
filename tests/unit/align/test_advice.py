"""Which name is advised for a wrong one: sense, tense and side come before letters."""

import pytest

from conformance.align import advice
from conformance.align.gather import of_texts
from conformance.align.model import Claim, Direction, Place
from conformance.align.rule import judge, rules
from conformance.align.vocabulary import Vocabulary
from contracts.load import load


@pytest.mark.parametrize(
    ("bundle", "name", "direction", "advised"),
    [
        ("sos", "sos:room:enter", None, "sos:room:join"),
        ("sos", "sos:room:exit", "to-server", "sos:room:leave"),
        ("sos", "message:typing:end", None, "message:typing:stop"),
        ("sos", "message:typing:begin", None, "message:typing:start"),
        ("sos", "message:history:result", None, "message:history:response"),
        ("sos", "participants:active:reply", "to-client", "participants:active:response"),
        ("sos", "participants:active:ask", None, "participants:active:request"),
        ("sos", "message:typing:opened", None, "message:typing:start"),
        ("sos", "location:updated", "to-server", "location:update"),
        ("sos", "location:updated", "to-client", "location:broadcast"),
        ("sos-built", "heartbeat:pong", None, "heartbeat:ack"),
        ("sos-built", "sos:room:leaved", None, "sos:room:left"),
        ("sos-built", "sos:room:exit", None, "sos:room:leave"),
        ("sos-built", "sos:room:entered", None, "sos:room:joined"),
        ("sos-built", "participant:exited", None, "participant:left"),
        ("sos-built", "message:typing:begin", None, "message:typing:start"),
        ("sos-built", "message:typing:ended", None, "message:typing:stopped"),
        ("sos-built", "location:updates", "to-server", "location:update"),
    ],
)
def test_advice_keeps_the_sense(bundle: str, name: str, direction: Direction | None, advised: str) -> None:
    assert Vocabulary(load(bundle)).nearest(name, direction) == advised


@pytest.mark.parametrize(
    ("text", "advised"),
    [
        ("The server sends `location:updated` to the others.", "location:broadcast"),
        ("The app sends `location:updated` every ten seconds.", "location:update"),
        ("Der Server sendet `sos:status:changed`.", "sos:status:broadcast"),
        ("El cliente emite `sos:status:changed`.", "sos:status:update"),
        ("RTS → App: `message:broadcast`, `sos:status:changed`", "sos:status:broadcast"),
    ],
)
def test_advice_keeps_the_side_that_prose_names(text: str, advised: str) -> None:
    found = judge(of_texts(load("sos"), {"guide.md": f"# Guide\n\n## Events\n\n{text}\n"}), rules())
    assert [one.drift.expected for one in found if one.rule.id == "event-is-documented"] == [f"`{advised}`"]


@pytest.mark.parametrize(
    ("bundle", "text", "advised"),
    [
        ("sos-built", "Then `message:typing:started` comes.", "message:typing:broadcast"),
        ("sos", "Then `sos:status:updated` comes.", "sos:status:broadcast"),
        ("sos", "The event `sos:status:set` is next.", "sos:status:update"),
        ("sos-built", "Then `participant:gone` comes.", "participant:left"),
        ("sos", "The server emits `message:created`.", "message:broadcast"),
        ("sos", "The app sends `location:report`.", "location:update"),
        ("sos", "```js\nsocket.emit('sos:set', { sosId, status: 'ACTIVE' })\n```", "sos:status:update"),
    ],
)  # fmt: skip
def test_advice_goes_by_family_tense_and_shape(bundle: str, text: str, advised: str) -> None:
    found = judge(of_texts(load(bundle), {"guide.md": f"# Guide\n\n{text}\n"}), rules())
    assert [one.drift.expected for one in found if one.rule.id == "event-is-documented"] == [f"`{advised}`"]


def test_a_shape_that_two_events_have_tells_neither() -> None:
    words = Vocabulary(load("sos"))
    claim = Claim(
        kind="event", subject="sos:room:zap", place=Place(file="a", line=1, column=1), origin="document", how="emit"
    )
    assert advice.advised(words, claim, {"sos:room:zap": frozenset({"sosId", "userType"})}) == words.nearest(
        "sos:room:zap"
    )


def test_advice_is_never_the_opposite() -> None:
    words = Vocabulary(load("sos"))
    assert words.nearest("sos:opn") != "sos:close"
    assert words.nearest("participant:joined:brodcast") == "participant:joined:broadcast"


def test_a_slip_in_a_path_is_told_once() -> None:
    guide = (
        "## `POST /api/sos/:sosId/participant/join`\n\nRequest body:\n\n"
        '```json\n{ "userType": "rescuer", "userId": "u1" }\n```\n'
    )
    found = judge(of_texts(load("sos"), {"guide.md": guide}), rules())
    assert [(one.rule.id, one.drift.place.line) for one in found] == [("call-is-documented", 1)]


def test_a_body_below_a_path_that_nothing_else_names_is_told() -> None:
    guide = 'The body of POST /api/mesages/:sosId:\n\n```json\n{ "senderDisplayName": "a", "content": "b" }\n```\n'
    found = judge(of_texts(load("sos"), {"guide.md": guide}), rules())
    assert [one.rule.id for one in found] == ["call-is-documented"]
