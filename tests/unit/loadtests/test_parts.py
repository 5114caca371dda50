"""Which parts of contracts one run plays, by whom, and how what their workers tell becomes one account."""

import json
import shutil
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from conformance.support.errors import UsageError
from contracts.load import load
from contracts.model import Bundle
from loadtests.dialects.dialect import Dialect
from loadtests.dialects.parts import FOR_ALL, UNTOLD, played, weights_of
from loadtests.ledger.counts import in_room
from loadtests.ledger.histogram import Histogram
from loadtests.ledger.ledger import Ledger
from loadtests.run.part_workers import merged, turns
from loadtests.scenarios import scenarios
from loadtests.worker.actor import Actor
from loadtests.worker.incoming import Incoming
from loadtests.worker.samples import Samples
from loadtests.worker.wire import codec
from loadtests.workload.options import COMMON
from loadtests.workload.subject import lack_of
from tests.accounting import account
from tests.running import ROOT

HARBOUR = str(ROOT / "tests" / "cases" / "harbour_namespaces" / "contracts")
SHIP, PIER, CREW = "/pilots ship", "/pilots pier", "/crew"


def names(parts: tuple[Dialect, ...]) -> list[str]:
    return [words.bundle.part for words in parts]


def changed(tmp_path: Path, change: Callable[[str, dict[str, Any]], None]) -> Bundle:
    """The harbour, whose events were changed."""
    shutil.copytree(HARBOUR, tmp_path / "harbour")
    for path in (tmp_path / "harbour" / "events").iterdir():
        event = json.loads(path.read_text())
        change(event["event"], event)
        path.write_text(json.dumps(event))
    return load(str(tmp_path / "harbour"))


def test_all_parts_are_played_each_with_streams_of_its_own() -> None:
    found = played(load(HARBOUR))
    assert names(found.parts) == [SHIP, PIER, CREW]
    assert (found.weights, found.left) == ({SHIP: 1, PIER: 1, CREW: 1}, {})
    assert {words.width for words in found.parts} == {2}
    streams = [words.stream(socket, words.writing, "") for socket, words in enumerate(found.parts)]
    assert len(set(streams)) == len(streams)


def test_contracts_with_one_part_are_played_as_they_are() -> None:
    found = played(load("sos"))
    assert names(found.parts) == [""]
    assert found.parts[0].streams == 0


@pytest.mark.parametrize(
    ("wanted", "parts", "weights"),
    [
        (CREW, [CREW], {}),
        (f"{SHIP}=3,{CREW}", [SHIP, CREW], {SHIP: 3, CREW: 1}),
        (f" {CREW} = 2 , {PIER}", [CREW, PIER], {CREW: 2, PIER: 1}),
    ],
)
def test_named_parts_are_played_by_their_weights(wanted: str, parts: list[str], weights: dict[str, int]) -> None:
    found = played(load(HARBOUR), wanted=wanted)
    assert (names(found.parts), found.weights, found.left) == (parts, weights, {})


@pytest.mark.parametrize("text", ["=2", "/a=", "/a=x", "/a=0", "/a=-1", "/a=1.5"])
def test_parts_that_are_not_written_so_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--part: expected names of parts, with weights such as"):
        weights_of(text)


def test_a_named_part_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match="--part: there is no part '/x'; expected one of '/pilots ship'"):
        played(load(HARBOUR), wanted=f"{SHIP},/x")


def test_a_part_that_cannot_be_played_is_left_with_its_reason() -> None:
    dashboard = load(str(ROOT / "tests" / "services" / "dashboard" / "contracts"))
    found = played(dashboard, has_users=False)
    assert names(found.parts) == ["/board"]
    assert found.left["/inbox"].startswith("the service enters each user's own room")
    with pytest.raises(UsageError, match="--contracts: /inbox: the service enters"):
        played(dashboard, has_users=False, wanted="/board,/inbox")


def test_a_part_in_which_nothing_is_marked_is_played_where_it_is_named(tmp_path: Path) -> None:
    def unmarked(name: str, event: dict[str, Any]) -> None:
        if name == "crew:told":
            event["server_to_client"]["echoes"] = ["ship"]

    bundle = changed(tmp_path, unmarked)
    found = played(bundle)
    assert (names(found.parts), found.left) == ([SHIP, PIER], {CREW: UNTOLD})
    assert names(played(bundle, wanted=f"{CREW},{PIER}").parts) == [CREW, PIER]


def test_where_something_goes_to_a_whole_namespace_one_part_of_it_is_played() -> None:
    bundle = load(HARBOUR)
    found = played(bundle, publish="hail")
    assert names(found.parts) == [SHIP]
    assert found.left[PIER] == FOR_ALL
    assert found.left[CREW].startswith("nothing is published by 'hail'")
    with pytest.raises(UsageError, match="--part: /pilots pier: in its namespace something is published to every"):
        played(bundle, publish="hail", wanted=f"{SHIP},{PIER}")


def test_a_part_that_a_mix_has_no_scenario_for_is_not_played_by_it() -> None:
    every = scenarios()
    own = [option for kind in every.values() for option in kind.options]
    options = {option.key: option.default for option in (*COMMON, *own)}
    words = played(load(HARBOUR), wanted=CREW).parts[0]
    assert lack_of(every["Mixed"], words, options) == ""
    assert "of its scenarios" in lack_of(every["Mixed"], words, options | {"mix": "Incident=1"})
    assert lack_of(every["Incident"], words, options)


# --- their workers -----------------------------------------------------------------------------------------------


def test_users_are_given_to_parts_in_turn_by_weight() -> None:
    assert list(islice(turns([SHIP, CREW], {}, 0), 4)) == [SHIP, CREW, SHIP, CREW]
    assert list(islice(turns([SHIP, CREW], {}, 1), 3)) == [CREW, SHIP, CREW]
    three = list(islice(turns([SHIP, CREW], {SHIP: 3, CREW: 1, PIER: 9}, 0), 8))
    assert (three.count(SHIP), three.count(CREW)) == (6, 2)


def test_the_accounts_of_parts_are_one() -> None:
    times = Histogram()
    times.add([1_000_000])
    one = account(
        counts=(("ok", "Chat /a", "", 3), ("own_error", "", "", 1)), trends=(("loop_lag", (), times.packed()),),
        members={"r": 2}, sample=b"{1}", sockets=4,
    )  # fmt: skip
    two = account(
        counts=(("ok", "Chat /b", "", 5), ("own_error", "", "", 2)), trends=(("loop_lag", (), times.packed()),),
        members={"s": 1}, sample=b"{2}", sockets=6,
    )  # fmt: skip
    assert merged([one]) is one
    whole = merged([one, two, account()])
    assert set(whole.counts) == {("ok", "Chat /a", "", 3), ("ok", "Chat /b", "", 5), ("own_error", "", "", 3)}
    assert Histogram.unpacked(whole.trends[0][2]).count == 2
    assert (whole.members, whole.sample, whole.sockets) == ({"r": 2, "s": 1}, b"{1}\n{2}", 10 + account().sockets)


def test_names_of_rooms_have_room_for_those_of_parts() -> None:
    assert [in_room(name) for name in ("Chat", "Chat /pilots ship", "X /ä/b")] == ["Chat", "Chat-pilots-ship", "X-b"]


@pytest.mark.parametrize(("is_ours", "expected"), [(True, {"leaked": 1}), (False, {})])
def test_a_socket_that_receives_a_publication_of_another_part_is_a_leak(
    is_ours: bool, expected: dict[str, int]
) -> None:
    ship, pier = played(load(HARBOUR), wanted=f"{SHIP},{PIER}").parts
    ledgers = Ledger(), Ledger()
    here, there = (Incoming(words, one, Samples()) for words, one in zip((ship, pier), ledgers, strict=True))
    there.neighbours = (here,)
    room, way, now_ns = ledgers[0].room("r"), ship.writing, time.monotonic_ns()
    ledgers[0].publish(room, ship.stream(1, way, "r"), 0, due_ns=now_ns, now_ns=now_ns)
    mark = f"r {ship.stream(1, way, 'r') if is_ours else 'of others'} 0"
    frame = b"42" + codec.encode_json([way.broadcast.event, {"ship": "r", "news": mark}])
    member = SimpleNamespace(
        number=2, scenario="Chat", rooms={}, tape=None, recovers=False, notice=lambda *_: None, connection=None
    )
    there.hear(cast("Actor", member), frame, codec.decode(frame), "")
    there.hear(cast("Actor", member), b"42" + codec.encode_json([way.broadcast.event, 7]), codec.decode(b'42["x"]'), "")
    counts = {name: count for (name, *_), count in ledgers[1].counts.items() if name != "undocumented"}
    assert counts == expected
