"""Shorter ways through what runs for each message give what the longer ones do."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from loadtests.ledger.ledger import Ledger
from loadtests.ledger.publication import Room
from loadtests.worker.wire import attachments, codec
from loadtests.worker.wire.known import on_wire, size_of, text_at

HEAD = codec.plain_event("/chat")
NAMES = st.sampled_from(["a", "binary", ""])
JSON = st.recursive(
    st.none() | st.integers(-9, 9) | NAMES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=2),
)
TEXTS = st.lists(JSON, max_size=3).map(lambda data: HEAD[:-1] + codec.encode_json(data)) | st.binary(max_size=9).map(
    HEAD.__add__
)


@given(text=TEXTS)
@example(text=HEAD + b'"a",{"binary":"AA=="}]')
@example(text=HEAD + b"NaN]")
@example(text=HEAD + b'"\\ud800"]')
@example(text=HEAD + b'"\xff"]')
@example(text=HEAD + b"[" * 5000)
def test_an_event_is_read_alike_by_the_short_way(text: bytes) -> None:
    packet = attachments.Reader().plain(text, HEAD, "/chat")
    assert packet is None or [(text, packet, "")] == list(attachments.Reader().text(text))


def test_the_short_way_is_the_usual_one() -> None:
    text = b'42["a",{"b":1}]'
    assert attachments.Reader().plain(text, codec.plain_event("/"), "/") == codec.Packet(
        codec.EVENT, "/", -1, ["a", {"b": 1}]
    )


def test_text_between_a_packet_and_its_attachment_goes_the_long_way() -> None:
    reader = attachments.Reader()
    assert list(reader.text(b'451-["a",{"_placeholder":true,"num":0}]')) == []
    assert reader.plain(b'42["b"]', codec.plain_event("/"), "/") is None
    (_, packet, why), (text, _, _) = reader.text(b'42["b"]')
    assert (packet, text) == (None, b'42["b"]')
    assert "attachment" in why


@given(before=st.binary(max_size=3), text=st.binary(min_size=1, max_size=300), after=st.binary(max_size=3))
def test_the_text_of_a_frame_is_that_which_it_was_made_of(before: bytes, text: bytes, after: bytes) -> None:
    data, at = before + on_wire(text) + after, len(before)
    assert text_at(data, at, at + size_of(data, at)) == text
    for end in range(at + 1, at + len(on_wire(text))):
        part = data[:end]
        assert text_at(part, at, at + size_of(part, at)) == b""


@given(frame=st.binary(min_size=1, max_size=20))
def test_only_a_whole_text_without_a_mask_is_one(frame: bytes) -> None:
    text = text_at(frame, 0, size_of(frame, 0))
    assert not text or frame.startswith(on_wire(text))


STAYS = st.lists(
    st.tuples(st.sampled_from(["enter", "leave", "unsure", "suspend", "resume"]), st.integers(1, 4)), max_size=12
)


@given(steps=STAYS, begun_ns=st.integers(1, 16), error_ns=st.integers(0, 3))
def test_who_was_a_member_is_told_alike_from_what_is_kept(
    steps: list[tuple[str, int]], begun_ns: int, error_ns: int
) -> None:
    ledger = Ledger()
    room = ledger.room("r", shared=True)
    for now_ns, (step, socket) in enumerate(steps, 1):
        match step:
            case "suspend":
                room.suspend(socket)
            case "resume":
                room.resume(socket, now_ns)
            case _:
                getattr(ledger, step)(room, socket, now_ns)
    assert room.members_at(begun_ns, error_ns) == _members_at(room, begun_ns, error_ns)


def _members_at(room: Room, begun_ns: int, error_ns: int) -> frozenset[int]:
    """By all that is remembered of who came and went."""
    here = (stay for at_ns, stay in room.entered if at_ns < begun_ns - error_ns)
    return frozenset(stay.number for stay in here if not 0 < stay.ended_ns <= begun_ns + error_ns)
