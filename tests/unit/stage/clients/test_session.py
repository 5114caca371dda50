"""What a client shows when it comes back to a server that recovers the state of connections."""

from conformance.stage.clients.session import Session, without_offset


def test_the_offset_of_what_came_last_is_shown_and_no_argument() -> None:
    session = Session(pid="p")
    assert session.auth() == {"pid": "p", "offset": ""}
    assert session.received(({"a": 1}, "o1")) == ({"a": 1},)
    assert session.received(({"a": 2}, "o2")) == ({"a": 2},)
    assert session.received(({"a": 3},)) == ({"a": 3},), "sent without an offset, as volatile events are"
    assert session.auth() == {"pid": "p", "offset": "o2"}


def test_a_server_that_recovers_nothing_sends_no_offset() -> None:
    session = Session()
    assert session.received(("a", "b")) == ("a", "b")
    assert session.auth() == {}


def test_a_lone_text_is_a_payload() -> None:
    assert without_offset(("text",)) == ("text",)
    assert without_offset(()) == ()
