"""A signal ends a load within a second, whatever it is doing, with 130; `make hostile` plays every moment."""

from signal import SIGHUP, SIGINT, SIGTERM, Signals

import pytest

from tests.hostile.moments import MOMENTS, faults_of, signalled

MOMENT = {moment.what: moment for moment in MOMENTS}


@pytest.mark.parametrize(
    ("what", "number", "group"),
    [
        ("the run is prepared", SIGINT, False),
        ("broadcasts arrive", SIGTERM, True),  # Locust gets it twice: of the group, and of the command.
        ("workers say what arrives", SIGHUP, True),
        *(
            pytest.param(what, SIGTERM, False, marks=pytest.mark.long)
            for what in ("Locust has loaded gevent", "workers are told to begin")
        ),
    ],
)
def test_a_signal_ends_a_load_within_a_second_as(what: str, number: Signals, group: bool) -> None:
    assert faults_of(MOMENT[what], signalled(MOMENT[what], number, group=group)) == []
