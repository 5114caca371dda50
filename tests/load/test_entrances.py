"""However sockets come into rooms, and whatever their namespace is called: who is there receives everything."""

import time
from pathlib import Path

import pytest

from conformance.support.errors import UsageError
from contracts.load import load as bundle_of
from contracts.parts import parts_of
from loadtests.dialects.selection import words_of
from tests.cases.checking import expected
from tests.load.in_process import Load, play
from tests.load.test_any_contracts import serving
from tests.running import ROOT

CASES, SERVICES = ROOT / "tests" / "cases", ROOT / "tests" / "services"

USERS, TIMES = 4, 3

OWED = {
    "letters_user_rooms": 1,  # Each user's own room.
    "studio_entered_by_call": USERS,
    "radio_listed_rooms": USERS,
    "tenants_dynamic": USERS,
    "arcade_handshake": USERS,
    "fellowship_cast_out": USERS,  # Its requests are taken with a callback alone.
}
"""Of each publication, by the case."""


def service(folder: Path) -> Path:
    return next(path for path in (folder / "service.py", folder / "service.js") if path.is_file())


async def writes(load: Load) -> None:
    users = [await load.user() for _ in range(USERS)]
    for user in users:
        assert await user.join("", "", ""), user.client.error
    for user in users:
        for _ in range(TIMES):
            sent = await user.emit(load.words.writing.name, {}, "")
            assert sent is not None
            await user.client.arrives(sent, 1)


@pytest.mark.parametrize("name", OWED)
def test_everybody_in_a_room_receives_what_is_written_there(name: str) -> None:
    folder = CASES / name
    auth = expected(folder).get("target", {}).get("auth")
    with serving(service(folder)) as url:
        counts = play(url, bundle_of(str(folder / "contracts")), writes, auth=auth)
    published = USERS * TIMES
    assert counts == {"connected": USERS, "published": published, "ok": OWED[name] * published}


@pytest.mark.parametrize(
    ("name", "lie", "defect"),
    [
        ("letters_user_rooms", "boxes-stay-empty", "unjoined"),
        ("studio_entered_by_call", "nobody-is-put-on-air", "unjoined"),
    ],
)
def test_who_is_not_let_in_is_counted(name: str, lie: str, defect: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loadtests.worker.probing.TRIED_S", 0.3)

    async def comes(load: Load) -> None:
        assert not await (await load.user()).join("", "", "")

    folder = CASES / name
    auth = expected(folder).get("target", {}).get("auth")
    with serving(service(folder), lie) as url:
        assert play(url, bundle_of(str(folder / "contracts")), comes, auth=auth)[defect] == 1


def test_another_user_writes_into_a_users_own_room() -> None:
    (inbox,) = [
        part for part in parts_of(bundle_of(str(SERVICES / "dashboard" / "contracts"))) if part.part == "/inbox"
    ]
    auth = expected(SERVICES / "dashboard")["target"]["auth"]

    async def test(load: Load) -> None:
        one, other = await load.user(), await load.user()
        for user in (one, other):
            assert await user.join("", "", "")
        (room,) = one._rooms.values()
        sent = other.client.say(room, load.words.writing, 0)
        assert sent is None  # It is due long ago.
        sent = other.client.say(room, load.words.writing, time.monotonic_ns())
        assert sent is not None
        assert await other.client.arrives(sent, 5)

    with serving(SERVICES / "dashboard" / "service.py") as url:
        counts = play(url, inbox, test, auth=auth)
    assert counts == {"connected": 2, "published": 1, "ok": 1, "unsent": 1}


def test_listed_rooms_are_used_in_turn_and_two_loads_number_what_they_write_apart() -> None:
    words = words_of(bundle_of(str(CASES / "radio_listed_rooms" / "contracts")))
    listed = words.bundle.room.id
    assert listed is not None
    ids = listed.document["enum"]
    assert [words.room_name("any", index) for index in range(len(ids) + 1)] == [*ids, ids[0]]
    numbers = {words.first_number(run, words.writing) for run in ("a", "b", "c")}
    assert len(numbers) == 3


def test_a_users_own_room_needs_tokens() -> None:
    with pytest.raises(UsageError, match="each user's own room, and without tokens of their own"):
        words_of(bundle_of(str(CASES / "letters_user_rooms" / "contracts")), has_users=False)
