"""A ramp rises and falls in proportion between its stages, and ends."""

import re

import pytest

from loadtests.workload.ramp import stages, users_at
from tests.running import load_held, roomcheck


def test_between_two_stages_users_come_and_go_in_proportion() -> None:
    ramp = stages("10:10s, 100:1m,100:2m,0:30s")
    assert ramp == [(10, 10), (100, 60), (100, 120), (0, 30)]
    seen = [users_at(ramp, at_s) for at_s in (0, 5, 10, 40, 70, 189.9, 205, 219.9, 220)]
    assert seen == [0, 5, 10, 55, 100, 100, 50, 0, None]


@pytest.mark.parametrize("text", ["", "10", "10:", "x:10s", "-1:10s", "10:0s", "10:10s,,5:5s"])
def test_what_is_no_ramp_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"got {text!r}")):
        stages(text)


def test_a_run_follows_its_ramp_and_who_has_gone_is_missed_by_nobody() -> None:
    run = roomcheck(
        "load", "--ramp", "6:3s,6:1s,2:2s,2:2s", "--scenario", "Chat", "--chat-rate", "4", "--room-size", "10"
    )
    assert load_held(run), run.stdout + run.stderr
    told = dict(re.findall(r"^ (\w+) +(\d+) *$", run.stdout, re.MULTILINE))
    assert told["connected"] == "60"
    assert re.search(r"^ 0 +20 ", run.stdout, re.MULTILINE), "twenty sockets are left"
