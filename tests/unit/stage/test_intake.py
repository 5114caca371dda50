"""How much a socket, an act, a run and the body of an answer may take."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator

import pytest

from conformance.stage.clients.intake import LARGE_BYTES, Intake, Meter, TooMuch, body_of
from conformance.support.caps import AFTER_FLOOD, BODY_BYTES, MESSAGE_BYTES, MOST_MESSAGE_BYTES, PACKETS_PER_S


def taken(intake: Intake, count: int, size: int = 1) -> int:
    """How many of so many packets are taken."""
    for number in range(count):
        try:
            intake.take(size)
        except TooMuch:
            return number
    return count


def test_packets_of_a_socket_are_counted_by_the_second() -> None:
    clock = [0.0]
    intake = Intake(meter=Meter(most_packets=10**9), now_s=lambda: clock[0])
    assert taken(intake, PACKETS_PER_S) == PACKETS_PER_S
    clock[0] = 1.0
    assert taken(intake, PACKETS_PER_S) == PACKETS_PER_S
    with pytest.raises(TooMuch, match="the service sends without end"):
        intake.take(1)


def test_after_one_flood_the_other_sockets_of_the_run_take_little() -> None:
    run = Meter(what="run", most_packets=10**9)
    quiet = Intake(meter=Meter(whole=run), now_s=lambda: 0.0)
    assert taken(Intake(meter=Meter(whole=run), now_s=lambda: 0.0), PACKETS_PER_S + 1) == PACKETS_PER_S
    assert taken(quiet, 10 * AFTER_FLOOD) == AFTER_FLOOD


def test_a_message_has_what_the_handshake_announces_within_bounds() -> None:
    for announced, most in (
        (None, MESSAGE_BYTES),
        (10, MESSAGE_BYTES),
        (2 * 10**6, 2 * 10**6),
        (10**12, MOST_MESSAGE_BYTES),
    ):
        intake = Intake(now_s=lambda: 0.0)
        intake.opened(announced)
        assert taken(intake, 1, most) == 1
        with pytest.raises(TooMuch, match="a message of more than"):
            intake.take(most + 1)


@pytest.mark.parametrize(
    ("act", "run", "said"),
    [
        (Meter(most_bytes=10), Meter(what="run"), "MB in one act"),
        (Meter(most_packets=1), Meter(what="run"), "more than 1 packets in one act"),
        (Meter(), Meter(what="run", most_bytes=10), "MB in one run"),
    ],
)
def test_what_is_exceeded_is_said(act: Meter, run: Meter, said: str) -> None:
    act.whole = run
    intake = Intake(meter=act, now_s=lambda: 0.0)
    intake.take(6)
    with pytest.raises(TooMuch, match=said):
        intake.take(6)


def body(data: bytes, encoding: str = "", most: int = BODY_BYTES, step: int = 1000) -> bytes:
    async def chunks() -> AsyncIterator[bytes]:
        for at in range(0, len(data), step):
            yield data[at : at + step]

    return asyncio.run(body_of(chunks(), encoding, most))


def test_a_body_is_decompressed_as_its_encoding_says() -> None:
    plain = b"abc" * 10_000
    raw = zlib.compressobj(wbits=-15)
    assert body(plain) == plain
    assert body(gzip.compress(plain), "gzip") == plain
    assert body(zlib.compress(plain), "deflate") == plain
    assert body(raw.compress(plain) + raw.flush(), "deflate") == plain


def test_a_body_that_grows_beyond_its_bound_is_too_much() -> None:
    bomb = gzip.compress(bytes(10_000_000), 9)
    assert len(bomb) < BODY_BYTES
    for data, encoding in ((bomb, "gzip"), (bytes(BODY_BYTES + 1), "")):
        with pytest.raises(TooMuch, match="a body of more than 2 MB"):
            body(data, encoding)


def test_a_body_in_an_encoding_that_was_not_asked_for_is_said() -> None:
    with pytest.raises(ValueError, match="'br', which was not asked for"):
        body(b"x", "br")
    with pytest.raises(ValueError, match="not encoded as gzip"):
        body(b"hello", "gzip")


def test_large_bodies_are_read_a_few_at_a_time_and_small_ones_besides() -> None:
    read: list[str] = []

    async def body(name: str, size: int, whole: asyncio.Event) -> AsyncIterator[bytes]:
        yield bytes(size)
        await whole.wait()
        read.append(name)

    async def test() -> None:
        large, first, rest = asyncio.Semaphore(1), asyncio.Event(), asyncio.Event()
        rest.set()
        bodies = [("large", LARGE_BYTES + 1, first), ("second", LARGE_BYTES + 1, rest), ("small", 10, rest)]
        tasks = [asyncio.ensure_future(body_of(body(*one), large=large)) for one in bodies]
        await tasks[2]
        assert read == ["small"]
        first.set()
        assert [len(one) for one in await asyncio.gather(*tasks)] == [LARGE_BYTES + 1, LARGE_BYTES + 1, 10]
        assert read == ["small", "large", "second"]
        assert not large.locked()

    asyncio.run(test())


def test_a_large_body_that_is_too_much_leaves_its_place_to_others() -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield bytes(LARGE_BYTES)

    async def test() -> None:
        large = asyncio.Semaphore(1)
        for _ in range(2):
            with pytest.raises(TooMuch):
                await body_of(endless(), large=large)
        assert not large.locked()

    asyncio.run(test())
