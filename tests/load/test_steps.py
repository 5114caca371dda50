"""What the tasks of a user do, step by step: the ledger accounts for it, and what breaks a contract is not sent."""

from collections.abc import Iterator

import pytest

from contracts.load import load as bundle_of
from loadtests.worker.wire.failures import Failed
from tests.load.in_process import Load, play
from tests.running import served

SOS = bundle_of("sos")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with served() as found:
        yield found


@pytest.fixture(scope="module")
def twice() -> Iterator[str]:
    with served("--lie", "delivered-twice") as found:
        yield found


def test_what_users_publish_in_a_room_is_owed_to_everybody_who_joined_it(url: str) -> None:
    async def test(load: Load) -> None:
        users = [await load.user() for _ in range(3)]
        for user in users[:2]:
            assert await user.join("lobby", "", "")
        assert await users[2].join("elsewhere", "", "")
        posted = await users[0].post({"senderDisplayName": "Asha"}, "", "")
        assert posted is not None
        assert await users[0].client.arrives(posted, 5)
        assert posted.got | posted.owed == {stay.number for stay in posted.room.stays.values()}
        located = await users[1].emit("location:update", {"accuracy": 7.5}, "")
        assert located is not None
        assert await users[1].client.arrives(located, 5)

    assert play(url, SOS, test) == {"connected": 3, "published": 2, "ok": 4, "stored": 1}


def test_fields_that_are_stored_otherwise_than_they_were_given_break_the_contract(url: str) -> None:
    async def test(load: Load) -> None:
        user = await load.user()
        assert await user.join("lobby", "", "")
        posted = await user.post({"senderDisplayName": "Asha"}, "", "")
        assert posted is not None
        assert await user.client.arrives(posted, 5)
        way = load.words.writing
        load.worker.hearing.gives(posted, way.given({"senderDisplayName": "Bela"}, posted.room.name))

    # In the list: the broadcast has come before.
    assert play(url, SOS, test) == {"connected": 1, "published": 1, "ok": 1, "stored": 1, "contract_failed": 1}


def test_an_event_is_waited_for_that_comes_after_a_step_of_the_user(url: str) -> None:
    async def test(load: Load) -> None:
        one, other = await load.user(), await load.user()
        for user in (one, other):
            assert await user.join("lobby", "", "")
        other.client.acts()
        await one.emit("message:typing:start", {}, "")
        typing = await other.client.next_of("message:typing:start", {}, 5)
        assert typing is not None
        assert typing.payload["sosId"] == one._joined("").name
        # It has been looked at, and does not come back to who types.
        assert await other.client.next_of("message:typing:start", {}, 0.05) is None
        assert await one.client.next_of("message:typing:start", {}, 0.05) is None

    counts = play(url, SOS, test)
    assert counts.pop("published") == counts.pop("ok") == 1
    assert counts == {"connected": 2}


def test_a_request_is_answered_and_fields_that_break_a_contract_are_not_sent(url: str) -> None:
    async def test(load: Load) -> None:
        user = await load.user()
        with pytest.raises(ValueError, match="which room is meant by ''"):
            await user.post({}, "", "")
        assert await user.join("lobby", "", "")
        answer = await user.call("participants:active:request", {}, "")
        assert [one["socketId"] for one in answer["participants"]] == [
            user.client.connection and user.client.connection.sid
        ]
        for step, says in (
            (user.emit("location:update", {"latitude": 1.0}, ""), "'latitude' cannot be given: it carries which"),
            (user.emit("location:update", {"sosId": "x"}, ""), "'sosId' cannot be given: it carries the room"),
            (user.emit("location:update", {"accuracy": "x"}, ""), "breaks its contract: accuracy: expected"),
            (user.emit("sos:room:join", {}, ""), r"call join\(by='sos:room:join'\)"),
            (user.emit("nothing", {}, ""), "no contract has an event 'nothing' of clients; there are location:update"),
            (user.emit("location:update", {}, "attic"), "Those that this user has joined: 'lobby'"),
            (user.call("location:update", {}, ""), "nothing answers location:update"),
            (user.post({}, "GET /x", ""), "nothing is published by GET /x"),
            (user.join("lobby", "", "location:update"), "does not enter a room by its contract"),
        ):
            with pytest.raises(ValueError, match=says):
                await step
        assert user.client.connected

    assert play(url, SOS, test) == {"connected": 1}


def test_a_status_is_chosen_by_its_field_and_an_own_way_in_and_out_is_taken(url: str) -> None:
    async def test(load: Load) -> None:
        user = await load.user()
        assert await user.join("lobby", "", "sos:init")
        assert await user.leave("", "sos:close") is False
        assert not user.client.rooms

    assert play(url, SOS, test) == {"connected": 1}


def test_a_service_that_delivers_twice_is_caught_in_what_tasks_published(twice: str) -> None:
    async def test(load: Load) -> None:
        users = [await load.user() for _ in range(2)]
        for user in users:
            assert await user.join("", "", "")
        for _ in range(3):
            posted = await users[0].post({}, "", "")
            assert posted is not None
            assert await users[0].client.arrives(posted, 5)

    counts = play(twice, SOS, test)
    assert counts["duplicate"] == counts["ok"] == 6


def test_a_request_that_is_not_answered_fails_and_is_counted(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loadtests.worker.wire.socket.ANSWER_S", 0.05)
    monkeypatch.setattr("loadtests.worker.wire.codec.event", lambda *_: b"6")  # It is never sent.

    async def test(load: Load) -> None:
        user = await load.user()
        with pytest.raises(Failed, match="no answer came"):
            await user.client.asks(user._asked("participants:active:request", ""), None, {"sosId": "x"})

    assert play(url, SOS, test) == {"connected": 1, "unanswered": 1}
