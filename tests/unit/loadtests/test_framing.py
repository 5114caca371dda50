"""Where frames begin in what was read, and which are large."""

import pytest

from conformance.support.caps import MOST_MESSAGE_BYTES
from loadtests.worker.wire.framing import LARGE_BYTES, UNKNOWN, LargeFrame, Piece, piece
from loadtests.worker.wire.known import on_wire

SMALL, LARGE = on_wire(b"x" * 200), on_wire(b"x" * (LARGE_BYTES + 1))
PING = b"\x89\x02hi"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (SMALL + PING + SMALL, Piece(2 * len(SMALL) + len(PING), 0)),
        (SMALL + SMALL[:-7], Piece(2 * len(SMALL) - 7, 7)),
        (SMALL + b"\x81", Piece(len(SMALL), 0)),
        (SMALL + SMALL[:3], Piece(len(SMALL), 0)),
        (SMALL + LARGE[:3], Piece(len(SMALL), 0)),
        (SMALL + LARGE[:4], Piece(len(SMALL), 0, len(LARGE))),
        (SMALL + LARGE + SMALL, Piece(len(SMALL), 0, len(LARGE))),
        (on_wire(b"x" * LARGE_BYTES)[:20], Piece(20, LARGE_BYTES + 4 - 20)),
        (on_wire(b"x" * 70_000)[:9], Piece(0, 0)),
        (on_wire(b"x" * 70_000)[:10], Piece(0, 0, 70_010)),
        (b"\x02" + LARGE[1:9], Piece(0, 0, len(LARGE))),
    ],
)
def test_frames_are_told_apart(data: bytes, expected: Piece) -> None:
    assert piece(data, 0) == expected
    shifted = piece(b"abc" + data, 3)
    assert shifted == expected._replace(end=expected.end + 3)


@pytest.mark.parametrize(
    "head",
    [b"\x81\x85", b"\x81\xff", b"\x81\xfe", b"\x81\x7f" + (MOST_MESSAGE_BYTES + 1).to_bytes(8, "big"),
     b"\x81\x7f" + (40_000).to_bytes(8, "big"), b"\x88\x7e" + (40_000).to_bytes(2, "big")],
    ids=["masked", "masked of 8 bytes", "masked of 2 bytes", "too large", "a length in too many bytes", "a large close"],
)  # fmt: skip
def test_what_no_server_may_send_is_for_the_parser_to_refuse(head: bytes) -> None:
    data = SMALL + head + b"x" * 50
    assert piece(data, 0) == Piece(len(data), UNKNOWN)


@pytest.mark.parametrize("size", [LARGE_BYTES + 1, 65_535, 65_536, 200_000])
@pytest.mark.parametrize("first", [0x81, 0x01, 0x82, 0x80, 0x00])
def test_a_large_frame_is_put_together_of_its_parts(size: int, first: int) -> None:
    payload = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    data = bytes((first,)) + on_wire(payload)[1:]
    frame, at = LargeFrame(len(data)), 0
    for part in (1, 3, 6, 1000, size):
        assert not frame.is_whole
        at += frame.add(memoryview(data)[at : at + part])
        assert frame.came == data[:at]
    frame.missing[:] = data[at:]
    frame.read(len(data) - at)
    assert frame.is_whole
    assert (frame.payload, frame.opcode, frame.is_last) == (payload, first & 15, first > 0x7F)
    assert frame.add(memoryview(b"more")) == 0
