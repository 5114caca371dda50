"""How many packets a socket of a load may take, and what is no packet."""

import pytest

from conformance.support.caps import AFTER_FLOOD, PACKETS_PER_S
from loadtests.worker.wire import codec
from loadtests.worker.wire.intake import PER_ACTION, PER_ACTION_SHARED, Intake


def test_a_socket_may_take_what_its_run_has_caused_however_late_it_comes() -> None:
    # An overloaded service sends what a minute of 100 messages a second has caused in one second.
    assert Intake(actions=6000).allowed(1.0) > 6000 + PACKETS_PER_S


def test_a_room_of_ten_thousand_who_join_is_no_flood() -> None:
    # The first socket of the room hears of all others, by two events of each, within four seconds.
    assert Intake(actions=2 * 10_000).allowed(4.0) > 2 * 10_000


def test_what_other_workers_cause_in_shared_rooms_is_no_flood() -> None:
    # 64 workers with as many joins as this one.
    assert Intake(actions=200, per_action=PER_ACTION_SHARED).allowed(1.0) > 64 * 200 * 3


def test_what_nothing_has_caused_is_one() -> None:
    assert Intake().allowed(1.0) < 2 * PACKETS_PER_S
    assert Intake(actions=10).allowed(0.0) == PACKETS_PER_S + 10 * PER_ACTION


def test_once_a_socket_was_flooded_others_may_take_less() -> None:
    assert Intake(flooded=True).allowed(0.0) == AFTER_FLOOD
    assert Intake(flooded=True, actions=500).allowed(1.0) >= 500


@pytest.mark.parametrize("number", ["9" * 100, "9" * 100_000, "1e999", "-0", "1.5E-3"])
def test_every_number_of_json_is_read(number: str) -> None:
    assert codec.decode(f'42["a",{number}]'.encode()).data[0] == "a"


@pytest.mark.parametrize(
    "text",
    [
        '42["a",NaN]',
        '42["a",' + "[" * 100_000 + "]" * 100_000 + "]",
        "43" + "9" * 5000 + "[]",
        '451-["a",{"_placeholder":true,"num":0}]',
        "46",
        "45",
    ],
)
def test_what_is_no_packet_is_malformed(text: str) -> None:
    with pytest.raises(codec.Malformed):
        codec.decode(text.encode())


def test_a_namespace_that_is_no_text_is_another_one() -> None:
    assert codec.decode(b'42/\xff,["a"]').namespace != "/"
