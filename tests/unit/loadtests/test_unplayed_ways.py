"""Requests that a load does not publish by, since they do more than it knows or are good only once."""

from contracts.load import load
from loadtests.dialects.way import ways_of
from tests.running import ROOT

CASES = ROOT / "tests" / "cases"


def events_and_reasons(case: str) -> tuple[list[str], dict[str, str]]:
    ways, reasons = ways_of(load(str(CASES / case / "contracts")))
    return [way.request.event for way in ways if way.request is not None], reasons


def test_what_names_a_member_and_tells_the_room_of_it_is_not_published_by() -> None:
    assert events_and_reasons("fellowship_cast_out") == (
        ["fellowship:tell"],
        {
            "fellowship:cast": "it names somebody, of whom it tells the room: what becomes of the one it names is not known"
        },
    )


def test_what_names_what_the_service_has_given_is_not_published_by() -> None:
    why = "it names what the service has given before"
    assert events_and_reasons("guestbook_edits") == (["entry:add"], {"entry:edit": why, "entry:remove": why})
