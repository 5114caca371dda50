"""What load says and understands follows the contracts in use, and is plain enough for every service to take."""

import pytest

from contracts.load import load
from loadtests.dialects.sos import Dialect, Kind, Mark
from loadtests.workload.rooms import MOST_SOCKETS, Numbers

BUNDLES = ("sos", "sos-built")
MOST_LATITUDE = 85
"""A geographic index takes no place nearer to a pole."""


@pytest.fixture(params=BUNDLES)
def words(request: pytest.FixtureRequest) -> Dialect:
    return Dialect.of(load(request.param))


def test_names_of_broadcasts_are_those_of_the_bundle() -> None:
    documented, built = (Dialect.of(load(name)) for name in BUNDLES)
    assert documented.typing_broadcast == "message:typing:start"
    assert built.typing_broadcast == "message:typing:broadcast"
    for one in (documented, built):
        assert one.message_broadcast == "message:broadcast"
        assert one.message_path("SOS-1") == "/api/messages/SOS-1"
        assert one.retired == {"message:new", "message:error"}


def test_a_bundle_that_load_does_not_speak_is_refused_with_what_it_lacks() -> None:
    with pytest.raises(ValueError, match=r"'example' lacks sos:room:join, .*; `roomcheck check` takes any bundle"):
        Dialect.of(load("example"))


@pytest.mark.parametrize("worker", [0, 1, 99])
def test_locations_are_plain_and_told_apart(words: Dialect, worker: int) -> None:
    numbers = Numbers(worker)
    first = numbers.next()
    for socket in (first, worker * MOST_SOCKETS + MOST_SOCKETS - 1):
        stream = socket * len(Kind) + Kind.LOCATION
        for number in (0, 1, 99_999):
            place = words.location("room", stream, number)
            assert 0 < place["latitude"] < MOST_LATITUDE
            assert 0 < place["longitude"] < 180
            assert words.mark(words.location_broadcast, place) == Mark("room", stream, number)
            rounded = place | {name: round(place[name], 6) for name in ("latitude", "longitude")}
            assert words.mark(words.location_broadcast, rounded) == Mark("room", stream, number)


def test_every_kind_is_known_again_under_the_name_that_it_is_broadcast_by(words: Dialect) -> None:
    sent = {
        words.message_broadcast: words.message("room", 4, 2),
        words.typing_broadcast: words.typing("room", 6, 0),
        words.status_broadcast: words.status("room", 3),
    }
    marks = {name: words.mark(name, payload | {words.key: "room"}) for name, payload in sent.items()}
    assert marks == {
        words.message_broadcast: Mark("room", 4, 2),
        words.typing_broadcast: Mark("room", 6, 0),
        words.status_broadcast: Mark("room", words.status_stream("room"), 3),
    }
    assert words.mark("another", words.message("room", 4, 2)) is None


def test_a_publication_has_a_name_that_people_can_read(words: Dialect) -> None:
    assert words.named("ab12", 7 * len(Kind) + Kind.LOCATION, 11) == "location 12 of user ab12-7"
    assert words.named("ab12", words.status_stream("room"), 4) == "the status 'arrived'"
    assert words.named("ab12", -1, -1) == ""
