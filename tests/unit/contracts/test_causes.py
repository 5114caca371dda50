"""The cause of a broadcast is written in one place or in two: one is enough, and two have to agree."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conformance.analysis.reading import read
from conformance.analysis.script import script
from conformance.plan.stimulus import Setting, cue
from contracts.faults import ContractError
from contracts.load import HERE, bundled, load
from contracts.model import Bundle
from contracts.show import detail
from tests.running import roomcheck

Edit = Callable[[dict[str, Any]], Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HERE / "example", tmp_path / "copy"))


def edited(path: Path, edit: Edit) -> None:
    """Change a contract file, and write it again with a line for each key."""
    document = json.loads(path.read_text("utf-8"))
    edit(document)
    path.write_text(json.dumps(document, indent=2), "utf-8")


def line(path: Path, key: str, value: str | None = None) -> int:
    """The only line that has a key, with this value."""
    text = f'"{key}": ' + (f'"{value}"' if value else "")
    found = [number for number, each in enumerate(path.read_text("utf-8").splitlines(), 1) if text in each]
    assert len(found) == 1, found
    return found[0]


def faults(folder: Path) -> list[str]:
    with pytest.raises(ContractError) as caught:
        load(str(folder))
    return [f"{fault.file.name}:{fault.line}: {fault.message}" for fault in caught.value.faults]


def causes(bundle: Bundle) -> list[object]:
    """What causes what, from both sides."""
    return [
        {request.event: request.broadcast for request in bundle.requests()},
        {call.name: call.broadcast for call in bundle.calls.values()},
        {one.event: (one.caused_by_event, one.caused_by_call) for one in bundle.broadcasts()},
    ]


Documents = dict[str, tuple[Path, dict[str, Any]]]


def documents(folder: Path) -> Documents:
    """The files of a folder that cause something or are caused, by what they are named in effects and causes."""
    found = {}
    for path in [*(folder / "events").glob("*.json"), *(folder / "http").glob("*.json")]:
        document = json.loads(path.read_text("utf-8"))
        found[document.get("event", document.get("call"))] = (path, document)
    return found


def written_twice(found: Documents) -> list[tuple[str, str, str]]:
    """(broadcast, kind of its cause, cause) of each cause that stands on both sides."""
    return [
        (name, kind, cause)
        for name, (_, document) in found.items()
        for kind, cause in document.get("server_to_client", {}).get("caused_by", {}).items()
        if cause in found and effect_of(found[cause][1]).get("broadcast") == name
    ]


def effect_of(document: dict[str, Any]) -> dict[str, Any]:
    effect: dict[str, Any] = document.get("client_to_server", document).get("effect", {})
    return effect


def without_effects(found: Documents) -> None:
    for _, _, cause in written_twice(found):
        document = found[cause][1]
        del effect_of(document)["broadcast"]
        if not effect_of(document):
            del document.get("client_to_server", document)["effect"]


def without_causes(found: Documents) -> None:
    for name, kind, _ in written_twice(found):
        broadcast = found[name][1]["server_to_client"]
        del broadcast["caused_by"][kind]
        if not broadcast["caused_by"]:
            del broadcast["caused_by"]


@pytest.mark.parametrize("removed", [without_effects, without_causes])
@pytest.mark.parametrize("name", [name for name in bundled() if (HERE / name / "http").is_dir()])
def test_one_side_is_derived_from_the_other(name: str, removed: Callable[[Documents], None], tmp_path: Path) -> None:
    copy = Path(shutil.copytree(HERE / name, tmp_path / "copy"))
    found = documents(copy)
    assert len(written_twice(found)) >= 3
    removed(found)
    assert written_twice(found) == []
    for path, document in found.values():
        path.write_text(json.dumps(document), "utf-8")
    assert causes(load(str(copy))) == causes(load(name))


def test_a_broadcast_whose_effect_is_not_written_is_provoked_and_judged(folder: Path) -> None:
    edited(folder / "events" / "pen-take.json", lambda one: one["client_to_server"].pop("effect"))
    bundle = load(str(folder))
    pen = bundle.broadcast("pen:taken")
    assert pen is not None
    made = cue(Setting(bundle=bundle, nonce="n"), pen, "r1", "ann", "m")
    assert made is not None
    assert made.event == "pen:taken"
    reading = read(bundle, script(bundle, 'ann opened a1\nann in r1\nann -> pen:take {"room": "r1", "pen": "red"}'))
    assert [one.event for one in reading.provocations] == ["pen:taken"]


def test_a_disagreement_is_told_with_both_lines(folder: Path) -> None:
    take, taken = folder / "events" / "pen-take.json", folder / "events" / "pen-taken.json"
    edited(take, lambda one: one["client_to_server"].update(effect={"broadcast": "note:added"}))
    edited(taken, lambda one: None)
    assert faults(folder) == [
        f"pen-taken.json:{line(taken, 'event', 'pen:take')}: `pen:taken` is said to be caused by `pen:take`, but the "
        f"effect of `pen:take` is `note:added` ({take}:{line(take, 'broadcast')}); correct one of the two: an "
        "effect may list several broadcasts"
    ]
    run = roomcheck("contracts", "validate", str(folder))
    assert run.returncode == 2
    assert f"{taken}:{line(taken, 'event', 'pen:take')}: " in run.stderr
    assert f"({take}:{line(take, 'broadcast')})" in run.stderr


def test_a_call_and_its_broadcast_have_to_agree_too(folder: Path) -> None:
    call, note = folder / "http" / "add-note.json", folder / "events" / "note-added.json"
    edited(call, lambda one: one.update(effect={"broadcast": "pen:taken"}))
    edited(note, lambda one: None)
    (fault,) = faults(folder)
    assert fault.startswith(f"note-added.json:{line(note, 'call', 'add-note')}: `note:added` is said to be caused by")
    assert f"the effect of `add-note` is `pen:taken` ({call}:{line(call, 'broadcast')})" in fault


def test_a_request_that_two_broadcasts_name_has_both(folder: Path) -> None:
    edited(folder / "events" / "pen-take.json", lambda one: one["client_to_server"].pop("effect"))
    edited(
        folder / "events" / "cursor-moved.json",
        lambda one: one["server_to_client"].update(caused_by=[{"event": "pen:take"}, {"event": "cursor:move"}]),
    )
    bundle = load(str(folder))
    request = bundle.request("pen:take")
    assert request is not None
    assert request.broadcasts == ("cursor:moved", "pen:taken")
    text = 'ann opened a1\nann in r1\nann -> pen:take {"room": "r1", "pen": "red"}'
    reading = read(bundle, script(bundle, text))
    assert [one.event for one in reading.provocations] == ["cursor:moved", "pen:taken"]
    assert len({one.key for one in reading.provocations}) == 2


def test_an_effect_may_list_several_broadcasts(folder: Path) -> None:
    both = ["pen:taken", "cursor:moved"]
    edited(folder / "events" / "pen-take.json", lambda one: one["client_to_server"].update(effect={"broadcast": both}))
    bundle = load(str(folder))
    moved, request = bundle.broadcast("cursor:moved"), bundle.request("pen:take")
    assert moved is not None
    assert request is not None
    assert request.broadcasts == tuple(both)
    assert moved.causes.events == ("cursor:move", "pen:take")
    assert moved.caused_by_event == "cursor:move"
    assert "causes: pen:taken, cursor:moved" in (detail(bundle, "pen:take") or "")
    assert "caused by: cursor:move or pen:take" in (detail(bundle, "cursor:moved") or "")


def test_a_second_broadcast_of_a_request_can_have_its_cause_in_words(folder: Path) -> None:
    edited(
        folder / "events" / "cursor-moved.json",
        lambda one: one["server_to_client"].update(caused_by={"other": "taking a pen"}),
    )
    edited(folder / "events" / "cursor-move.json", lambda one: one["client_to_server"].update(effect=LEAVES))
    bundle = load(str(folder))
    assert causes(bundle)[2]["cursor:moved"] == (None, None)
    assert "caused by: taking a pen" in (detail(bundle, "cursor:moved") or "")


LEAVES = {"membership": "leave"}


def test_two_requests_may_have_the_same_effect(folder: Path) -> None:
    edited(
        folder / "events" / "room-enter.json",
        lambda one: one["client_to_server"].update(effect={"membership": "enter", "broadcast": "pen:taken"}),
    )
    assert causes(load(str(folder)))[2]["pen:taken"] == ("pen:take", None)
    # Of two that the broadcast does not name, the one that leaves the membership as it is comes first.
    edited(folder / "events" / "pen-taken.json", lambda one: one["server_to_client"].pop("caused_by"))
    edited(folder / "events" / "room-enter.json", lambda one: one.update(event="a:enter"))
    bundle = load(str(folder))
    assert causes(bundle)[2]["pen:taken"] == ("pen:take", None)
    assert causes(bundle)[0]["a:enter"] == "pen:taken"


def test_what_a_peer_emits_is_the_cause_of_nothing_that_is_played(folder: Path) -> None:
    def by_peer(one: dict[str, Any]) -> None:
        one["client_to_server"] = {"by": "peer", **one["client_to_server"]}

    edited(folder / "events" / "pen-take.json", by_peer)
    edited(folder / "events" / "pen-taken.json", lambda one: one["server_to_client"].pop("caused_by"))
    assert faults(folder) == [
        "pen-taken.json:5: the key `caused_by` is missing, "
        "and no request or call says that this broadcast is its effect; or write what does, such as "
        '`{"event": ...}`, `{"connection": true}` or `{"other": "in words"}`'
    ]


def test_an_event_that_answers_a_request_is_described_there_alone(folder: Path) -> None:
    def answering(one: dict[str, Any]) -> None:
        one["client_to_server"]["reply"] = {"event": "pen:taken", "payload": {"type": "object"}}
        one["client_to_server"].pop("effect")

    edited(folder / "events" / "pen-take.json", answering)
    edited(folder / "events" / "pen-taken.json", lambda one: one["server_to_client"].pop("caused_by"))
    assert faults(folder) == [
        "pen-taken.json:5: the key `caused_by` is missing, and no request or call says that this broadcast is its "
        'effect; the `reply` of "pen:take" describes it already: leave out `server_to_client`'
    ]


@pytest.mark.parametrize(
    ("receivers", "why"),
    [("nobody", "nobody"), ("requester", "the requester alone, and a call has no socket")],
)
def test_an_effect_of_a_call_that_nobody_receives_is_refused(folder: Path, receivers: str, why: str) -> None:
    note, add = folder / "events" / "note-added.json", folder / "http" / "add-note.json"
    edited(note, lambda one: one["server_to_client"].update(receivers=receivers))
    edited(note, lambda one: one["server_to_client"].pop("caused_by"))
    edited(add, lambda one: one.update(effect={"broadcast": "note:added"}))
    assert faults(folder)[0] == (
        f"add-note.json:{line(add, 'broadcast')}: the effect of `add-note` is the broadcast `note:added`, but "
        f"`note:added` is received by {why}"
    )


def test_what_the_requester_alone_receives_may_be_an_effect(folder: Path) -> None:
    edited(folder / "events" / "pen-taken.json", lambda one: one["server_to_client"].update(receivers="requester"))
    bundle = load(str(folder))
    text = 'ann opened a1\nann in r1\nann -> pen:take {"room": "r1", "pen": "red"}'
    (due,) = read(bundle, script(bundle, text)).provocations
    assert due.audience is not None
    assert due.audience.named == {"ann"}


MISFITS = [
    ("room-but-sender", {"every_s": 5}, "a schedule has no sender: it cannot be received by room-but-sender"),
    ("requester", {"every_s": 5}, "a schedule has no sender: it cannot be received by requester"),
    (
        "requester",
        {"disconnect": True},
        "a socket that has disconnected receives nothing: say who is told of it",
    ),
    (
        {"user": "/user"},
        {"connection": True},
        "a connection, a disconnection or a schedule has no payload whose field could name who receives it",
    ),
    ("requester", {"call": "add-note"}, "a call has no socket that could be the requester of a broadcast"),
    ("room", {"broadcast": "cursor:moved"}, "`cursor:moved` follows itself"),
]


@pytest.mark.parametrize(("receivers", "cause", "message"), MISFITS, ids=[row[2] for row in MISFITS])
def test_a_cause_has_to_fit_the_receivers(folder: Path, receivers: Any, cause: dict[str, Any], message: str) -> None:
    moved = folder / "events" / "cursor-moved.json"
    edited(
        moved,
        lambda one: one["server_to_client"].update(receivers=receivers, caused_by=[{"event": "cursor:move"}, cause]),
    )
    place = f"cursor-moved.json:{line(moved, 'caused_by')}: "
    assert place + message in faults(folder)


@pytest.mark.parametrize(
    ("cause", "message"),
    [
        ({"connexion": True}, "unknown key `connexion`; did you mean `connection`?"),
        ({"broadcast": "pen:take"}, 'no event that the server sends is called "pen:take"; did you mean `pen:taken`?'),
        ({"every_s": 0}, "server_to_client/caused_by/1/every_s"),
    ],
)
def test_a_cause_that_is_not_known_is_refused(folder: Path, cause: dict[str, Any], message: str) -> None:
    edited(
        folder / "events" / "cursor-moved.json",
        lambda one: one["server_to_client"].update(caused_by=[{"event": "cursor:move"}, cause]),
    )
    assert any(message in fault for fault in faults(folder)), faults(folder)


def test_what_only_the_requester_receives_may_come_beside_a_broadcast(folder: Path) -> None:
    edited(
        folder / "events" / "problem.json",
        lambda one: one["server_to_client"].update(caused_by={"event": "pen:take"}),
    )
    bundle = load(str(folder))
    assert causes(bundle)[0]["pen:take"] == "pen:taken"
    assert causes(bundle)[2]["problem"] == ("pen:take", None)
