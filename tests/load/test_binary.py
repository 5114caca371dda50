"""Binary data is sent, read, checked and accounted for as everything else."""

from collections.abc import Iterator

import pytest

from contracts.binary import binary
from contracts.load import load as bundle_of
from loadtests.dialects.dialect import Dialect
from loadtests.dialects.mark import InBytes, Mark
from loadtests.worker.wire import codec
from loadtests.worker.wire.attachments import MOST_ATTACHMENTS, NOT_ANNOUNCED, Reader, packed
from tests.load.in_process import Load, play
from tests.load.test_any_contracts import serving
from tests.running import ROOT

FOLDER = ROOT / "tests" / "cases" / "darkroom_binary"
DARKROOM = bundle_of(str(FOLDER / "contracts"))
TIMES = 4


@pytest.fixture(scope="module")
def darkroom() -> Iterator[str]:
    with serving(FOLDER / "service.js") as url:
        yield url


async def exposes(load: Load) -> None:
    """Three in a room publish by each event: by one with a text beside the bytes, and by one with the bytes alone."""
    users = [await load.user() for _ in range(3)]
    for user in users:
        assert await user.join("one", "", "")
    assert await (await load.user()).join("two", "", "")
    for number in range(TIMES):
        for event in ("frame:expose", "tint"):
            sent = await users[number % 3].emit(event, {}, "one")
            assert sent is not None
            await users[number % 3].client.arrives(sent, 1)


def test_what_is_published_with_bytes_is_accounted_for(darkroom: str) -> None:
    ways = {way.name: type(way.marking).__name__ for way in Dialect.of(DARKROOM).ways}
    assert ways == {"frame:expose": "InText", "tint": "InBytes"}
    # Who tints does not see it.
    counts = play(darkroom, DARKROOM, exposes)
    assert counts == {"connected": 4, "published": 2 * TIMES, "ok": (3 + 2) * TIMES}


@pytest.mark.parametrize(
    ("lie", "defect"),
    [("light-goes-through-json", "contract_failed"), ("light-is-cut", "contract_failed"), ("dye-runs", "leaked")],
)
def test_bytes_that_come_out_otherwise_or_elsewhere_are_counted(lie: str, defect: str) -> None:
    with serving(FOLDER / "service.js", lie) as url:
        counts = play(url, DARKROOM, exposes, lost_s=0.3)
    assert counts[defect] > 0


def read(*frames: str | bytes) -> list[tuple[object, str]]:
    """What is read of frames, texts or attachments: data, and why there is none."""
    reader, found = Reader(), []
    for frame in frames:
        items = reader.data(frame) if isinstance(frame, bytes) else reader.text(frame.encode())
        found += [(packet.data if packet is not None else None, why) for _, packet, why in items]
    return found


def test_attachments_come_to_their_places() -> None:
    text = '452-/x,7["e",{"a":{"_placeholder":true,"num":1}},[{"_placeholder":true,"num":0}]]'
    assert read(text, b"\x01", b"\x02\xff") == [(["e", {"a": binary(b"\x02\xff")}, [binary(b"\x01")]], "")]
    assert read('461-3[{"_placeholder":true,"num":0}]', b"x") == [([binary(b"x")], "")]


@pytest.mark.parametrize(
    ("frames", "why"),
    [
        ((b"x",), NOT_ANNOUNCED),
        (('451-["e",{"_placeholder":true,"num":0}]', '42["f"]'), "text came where a binary attachment was announced"),
        (('451-["e",{"_placeholder":true,"num":1}]', b"x"), "a placeholder names no attachment"),
        (('451-["e",{"_placeholder":true,"num":true}]', b"x"), "a placeholder names no attachment"),
        (('450-["e"]',), f"expected the number of attachments, up to {MOST_ATTACHMENTS}"),
        (('459999-["e"]',), f"expected the number of attachments, up to {MOST_ATTACHMENTS}"),
        (("45-",), f"expected the number of attachments, up to {MOST_ATTACHMENTS}"),
        (('451-{"e":1}',), "expected a list of arguments"),
        (('451-["e",{"_placeholder":true,"num":0}]', b"x" * 5_000_000), "its attachments are too large"),
    ],
)
def test_what_is_no_binary_packet_is_said(frames: tuple[str | bytes, ...], why: str) -> None:
    assert read(*frames)[0] == (None, why)


def test_what_travels_as_json_is_not_taken_for_bytes() -> None:
    assert read('42["e",{"$binary":"AQ=="}]') == [(["e", {"$$binary": "AQ=="}], "")]
    (text,) = packed(codec.event("/", "e", [{"$$binary": "AQ=="}]), [{"$$binary": "AQ=="}])
    assert text == b'42["e",{"$binary":"AQ=="}]'


@pytest.mark.parametrize("number", [-1, 12])
@pytest.mark.parametrize("namespace", ["/", "/x"])
def test_what_is_packed_is_read_again(namespace: str, number: int) -> None:
    arguments = [{"a": binary(b"[1"), "b": ["x", binary(b"")]}, "[", binary(b"\x00")]
    text, *parts = packed(codec.event(namespace, "e[", arguments, number), arguments)
    assert read(text.decode(), *parts) == [(["e[", *arguments], "")]
    assert (b"/x," in text) is (namespace == "/x")
    plain = [{"binary": 1}]
    assert packed(codec.event("/", "e", plain), plain) == [codec.event("/", "e", plain)]


def test_a_mark_in_bytes_is_found_again() -> None:
    marking, mark = InBytes("dye"), Mark("load-1", 5, 7)
    assert marking.read(marking.fill(mark), "other") == mark
    for other in ("AQ==", binary(b"\xff"), None, {"$binary": "?"}):
        assert marking.read({"dye": other}, "") is None
