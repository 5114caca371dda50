"""What load says and understands follows the contracts in use, and is plain enough for every service to take."""

from pathlib import Path

import pytest

from conformance.support.errors import UsageError
from contracts.load import load
from contracts.parts import parts_of
from loadtests.dialects.dialect import Dialect
from loadtests.dialects.mark import LARGEST, MOST_STREAMS, InChoice, InOneNumber, Mark, room_stream
from loadtests.dialects.selection import words_of
from loadtests.workload.rooms import MOST_SOCKETS, Numbers

TESTS = Path(__file__).parents[2]
OWN = ("sos", "sos-built", "example")
CASES = sorted(str(one.parent) for one in TESTS.glob("*/*/contracts/bundle.json"))
MOST_LATITUDE = 85
"""A geographic index takes no place nearer to a pole."""


def speaking() -> list[Dialect]:
    """The words of every part of a bundle of this project whose deliveries can be accounted for."""
    found = []
    for name in (*OWN, *CASES):
        for part in parts_of(load(name)):
            try:
                found.append(Dialect.of(part))
            except ValueError:
                continue
    return [words for words in found if not words.unaccounted]


ALL = speaking()


@pytest.fixture(params=ALL, ids=lambda words: f"{words.bundle.name} {words.bundle.part}".strip())
def words(request: pytest.FixtureRequest) -> Dialect:
    found: Dialect = request.param
    return found


def test_names_are_those_of_the_bundle() -> None:
    documented, built = Dialect.of(load("sos")), Dialect.of(load("sos-built"))
    assert documented.named_way("message:typing:start").broadcast.event == "message:typing:start"
    assert built.named_way("message:typing:start").broadcast.event == "message:typing:broadcast"
    for one in (documented, built):
        assert one.writing.name == "POST /api/messages/:sosId"
        assert one.reporting is one.named_way("location:update")
        assert one.writing.call is not None
        assert one.path(one.writing.call, "SOS-1") == "/api/messages/SOS-1"
        assert one.page_path("SOS-1", 50) == "/api/messages/SOS-1?skip=50&limit=50"
        assert one.retired == {"message:new", "message:error"}


def test_every_service_that_load_was_made_for_is_spoken() -> None:
    names = {words.bundle.name for words in ALL}
    assert {*OWN, "chat", "game", "dashboard"} <= names
    assert len(names) >= 20


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("postbox_users", "letter:send: it goes to a user, and without tokens of their own"),
        ("letters_user_rooms", "the service enters each user's own room"),
        ("studio_entered_by_call", "enters the sockets of a user, and without tokens of their own"),
    ],
)
def test_a_bundle_that_cannot_be_loaded_is_refused_by_name(name: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        words_of(load(str(TESTS / "cases" / name / "contracts")), has_users=False)


def test_of_several_kinds_of_rooms_the_first_that_can_be_loaded_is_played() -> None:
    found = words_of(load(str(TESTS / "services" / "dashboard" / "contracts")))
    assert (found.bundle.namespace, found.writing.name, found.key) == ("/board", "value:set", "widget")
    assert found.room_name("load-1-Chat-0-0", 0).isdigit()


def test_every_mark_is_read_from_the_broadcast_again_in_its_own_stream(words: Dialect) -> None:
    room = words.room_name("load-ab12cd34-Chat-0-0", 0)
    for way in words.ways:
        for socket in (1, MOST_STREAMS // words.width - 1):
            for number in {0, 1, min(way.marking.capacity - 1, 99_999)}:
                mark = Mark(room, words.stream(socket, way, room), number)
                sent = {**way.expected(mark), **way.marking.fill(mark)}
                told = words.mark(way.broadcast.event, {**sent, words.key: room})
                assert told is not None
                # Where two requests cause one broadcast, the stream says which of them it was.
                assert (told[0], told[1]._replace(room=room)) == (way, mark)


def test_what_is_sent_keeps_the_schemas_of_its_contract(words: Dialect) -> None:
    room = words.value(words.room_name("load-ab12cd34-Chat-0-0", 0))
    for way in words.ways:
        for number in (0, min(way.marking.capacity, LARGEST[1]) - 1):
            payload = way.payload(room, Mark("load-ab12cd34-Chat-0-0", MOST_STREAMS - 1, number))
            schema = way.request.payload if way.request is not None else way.call and way.call.body
            assert schema is not None
            assert schema.is_valid(payload), schema.explain(payload)


def test_somebody_elses_values_are_no_marks(words: Dialect) -> None:
    for way in words.ways:
        if not isinstance(way.marking, InChoice | InOneNumber):
            assert words.mark(way.broadcast.event, dict.fromkeys(way.broadcast.echoes, "hello")) is None
    assert words.mark("another", {"text": "room 4 2"}) is None


@pytest.mark.parametrize("worker", [0, 1, 99])
def test_locations_are_plain_and_told_apart(worker: int) -> None:
    words, numbers = Dialect.of(load("sos")), Numbers(worker)
    way = words.named_way("location:update")
    for socket in (numbers.next(), worker * MOST_SOCKETS + MOST_SOCKETS - 1):
        for number in (0, 1, 99_999):
            mark = Mark("room", words.stream(socket, way, "room"), number)
            place = way.payload("room", mark)
            assert 0 < place["latitude"] < MOST_LATITUDE
            assert 0 < place["longitude"] < 180
            rounded = place | {name: round(place[name], 6) for name in ("latitude", "longitude")}
            assert words.mark("location:broadcast", place) == words.mark("location:broadcast", rounded) == (way, mark)


def test_a_publication_has_a_name_that_people_can_read() -> None:
    words = Dialect.of(load("sos"))
    way = words.named_way("location:update")
    assert words.named("ab12", words.stream(7, way, "room"), 11) == "publication 12 of user ab12-7"
    assert words.named("ab12", room_stream("room"), 4) == "the status 'arrived'"
    assert words.named("ab12", -1, -1) == ""
    words = Dialect.of(parts_of(load(str(TESTS / "services" / "dashboard" / "contracts")))[0])
    assert words.named("ab12", room_stream("room"), 4) == "publication 5 of its room"


def test_a_part_of_contracts_is_chosen_by_its_name() -> None:
    harbour = load(str(TESTS / "cases" / "harbour_namespaces" / "contracts"))
    assert words_of(harbour).bundle.part == "/pilots ship"
    assert words_of(harbour, wanted="/crew").writing.name == "crew:tell"
    with pytest.raises(
        UsageError, match="there is no part '/x'; expected one of '/pilots ship', '/pilots pier', '/crew'"
    ):
        words_of(harbour, wanted="/x")
    with pytest.raises(UsageError, match="the contracts have one namespace and one kind of rooms"):
        words_of(load("sos"), wanted="/x")


def test_what_is_published_is_chosen_by_its_name() -> None:
    harbour = load(str(TESTS / "cases" / "harbour_namespaces" / "contracts"))
    assert words_of(harbour, publish="hail").writing.reach.everyone
    assert words_of(load("sos"), publish="location:update").writing.name == "location:update"
    for name, why in (("nothing", "no contract has it; what can be: POST"), ("sos:status:update", "once; what can be")):
        with pytest.raises(UsageError, match=why):
            words_of(load("sos"), publish=name)
