"""What processes of a run tell each other arrives as it was told, over what Locust sends."""

import msgpack
import msgspec
import pytest

from loadtests.ledger.histogram import Histogram
from loadtests.ledger.messages import Announcement, Done, Published, Snapshot, Witnessed, plain, read
from tests.accounting import account

TIMES = Histogram()
TIMES.add([1_500_000, 2_500_000, 2_500_000])
SEEN = Witnessed(
    defect="lost", room="r", socket=3, at_ns=2**62, stream=1, number=2, due_ns=5, event="e", frame='42["e"]', why="",
    user="run-3", publication="message 2 of user run-3",
)  # fmt: skip
FULL = account(
    counts=(("ok", "Chat", "", 3), ("lost", "Knee", "1.5", 1)),
    trends=(("delivery", (("event", "e"), ("step", "1")), TIMES.packed()), ("loop_lag", (), Histogram().packed())),
    witnesses=(SEEN,), members={"r": 7}, clock_ms=(0.25, 0.125), sample=b'{"kind":"act"}\n', sockets=9,
)  # fmt: skip


def sent(message: msgspec.Struct) -> object:
    """What comes of a message at the other end: Locust, which would patch this process, packs messages like that."""
    return msgpack.loads(msgpack.dumps(plain(message), use_bin_type=True), strict_map_key=False)


def test_an_account_arrives_whole() -> None:
    found = read(sent(FULL), Snapshot)
    assert found == FULL
    assert Histogram.unpacked(found.trends[0][2]) == TIMES


def test_the_end_of_a_phase_arrives() -> None:
    assert read(sent(Done(phase="drain")), Done) == Done(phase="drain")


def test_publications_arrive_as_they_were_announced() -> None:
    one = Announcement("r", 1, 2, 10**18, 10**18 + 1, 10**18 + 2, 1, (("event", "e"),), "taken")
    told = Published(publications=(one,), error_ns=5)
    assert read(sent(told), Published) == told


@pytest.mark.parametrize("lacking", list(Snapshot.__struct_fields__))
def test_what_is_no_account_is_refused(lacking: str) -> None:
    told = plain(FULL)
    del told[lacking]
    with pytest.raises(msgspec.ValidationError, match=lacking):
        read(told, Snapshot)
