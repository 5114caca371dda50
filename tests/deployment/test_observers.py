"""Observers: what nodes tell each other through Redis is read and never run; both Admin UIs are understood."""

import asyncio
import contextlib
import json
import pickle
import socket
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
import redis as client

from conformance.model.ids import FORMS, Form, pair_of
from conformance.model.transcript import Observed
from conformance.stage.clients.recorder import Clock
from conformance.stage.observers.redis import RedisObserver
from conformance.stage.observing.observatory import observatory
from conformance.stage.observing.observer import Watch
from conformance.stage.observing.redis_messages import EVERYONE, of_adapter, of_manager, of_stream, read_pickle
from conformance.target.target import Target
from contracts.load import load
from tests.deploying import redis
from tests.running import roomcheck, settings, started

NAMED = "room-is-named-as-documented"
PAYLOAD = {"sosId": "RC-abc-1", "content": "नमस्ते"}
PACKET = {"type": 2, "data": ["message:broadcast", PAYLOAD], "nsp": "/"}
OPTIONS = {"rooms": ["sos:RC-abc-1"], "except": [], "flags": {}}
EMITTED = {
    "method": "emit", "event": "message:broadcast", "data": PAYLOAD, "namespace": "/", "room": "sos:RC-abc-1",
    "skip_sid": None, "callback": None, "host_id": "h",
}  # fmt: skip


@contextlib.contextmanager
def instrumented(*options: str) -> Iterator[str]:
    with started(sys.executable, "-m", "tests.peers.instrumented", *options) as (_, line):
        yield json.loads(line)["url"]


def watch(redis_url: str, nonce: str) -> Watch:
    return Watch(
        bundle=load("sos"),
        target=Target(urls=("http://127.0.0.1:1",), observers={"redis_url": redis_url}),
        transport="websocket",
        clock=Clock(),
        nonce=nonce,
        on_lost=lambda what, at_s: None,
    )


def said(told) -> tuple:
    return (told.event, list(told.args), told.rooms, told.namespace)


def test_messages_of_the_adapters_are_read() -> None:
    expected = ("message:broadcast", [PAYLOAD], ("sos:RC-abc-1",), "/")
    classic = msgspec.msgpack.encode(["uid", PACKET, OPTIONS])
    sharded = {"uid": "u", "nsp": "/", "type": 3, "data": {"packet": PACKET, "opts": OPTIONS}}
    assert said(of_adapter(classic)) == expected
    assert said(of_adapter(msgspec.json.encode(sharded))) == expected
    assert said(of_adapter(msgspec.msgpack.encode(sharded))) == expected
    entry = [b"uid", b"u", b"nsp", b"/", b"type", b"3", b"data", msgspec.json.encode(sharded["data"])]
    assert said(of_stream(entry)) == expected
    everyone = msgspec.msgpack.encode(["uid", PACKET, {**OPTIONS, "rooms": []}])
    assert said(of_adapter(everyone))[2] == (EVERYONE,)


# Python has pickled by protocol 4 or newer since 3.8; 2 is what older ones could be told to keep to.
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_messages_of_the_manager_are_read_whether_pickled_or_not(protocol: int) -> None:
    expected = ("message:broadcast", [PAYLOAD], ("sos:RC-abc-1",), "/")
    assert said(of_manager(pickle.dumps(EMITTED, protocol))) == expected
    several = {**EMITTED, "data": (PAYLOAD, 2), "room": ["sos:RC-abc-1", "desk"]}
    told = said(of_manager(pickle.dumps(several, protocol)))
    assert told == ("message:broadcast", [PAYLOAD, 2], ("sos:RC-abc-1", "desk"), "/")
    assert said(of_manager(json.dumps({**EMITTED, "data": [PAYLOAD], "binary": False}).encode())) == expected


class Bomb:
    """What a pickle from the network can be."""

    def __reduce__(self):
        return (Path.touch, (Path("exploded"),))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_is_never_run(protocol: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_pickle(pickle.dumps({"method": "emit", "event": Bomb()}, protocol)) is None
    assert not (tmp_path / "exploded").exists()


@pytest.mark.parametrize(
    "junk", [b"", b"\x80\x04", b"{", b"[1,2", b"\xc1", b"\x93\x01\x02\x03", b"(((", b"\x80\x05]e.", b"null"]
)
def test_junk_is_no_message(junk: bytes) -> None:
    assert of_adapter(junk) is None
    assert of_manager(junk) is None
    assert of_stream([b"type", b"3", b"data", junk]) is None


def test_everything_published_before_a_look_back_has_been_seen(tmp_path: Path) -> None:
    async def watched(url: str) -> list[Observed]:
        observer = RedisObserver(watch(url, "abc"))
        await observer.start()
        other = client.Redis.from_url(url)
        for number in range(200):
            packet = {**PACKET, "data": ["message:broadcast", {**PAYLOAD, "number": number}]}
            other.publish("socket.io#/#sos:RC-abc-1#", msgspec.msgpack.encode(["uid", packet, OPTIONS]))
            other.xadd("socket.io", {"type": "3", "data": msgspec.json.encode({"packet": PACKET, "opts": OPTIONS})})
        other.publish("socketio", json.dumps({**EMITTED, "data": [PAYLOAD], "binary": False}))
        other.publish("socket.io#/admin#x#", msgspec.msgpack.encode(["uid", {**PACKET, "nsp": "/admin"}, OPTIONS]))
        other.publish("socketio", json.dumps({**EMITTED, "data": [{"sosId": "of somebody else"}]}))
        stray = {**EMITTED, "room": "sos:undefined", "data": [{"content": "marked abc"}], "binary": False}
        other.publish("socketio", json.dumps(stray))
        await observer.caught_up()
        found = observer.observations()
        await observer.stop()
        assert other.pubsub_numsub("socketio") == [(b"socketio", 0)]
        return found

    with redis(tmp_path) as (url, _):
        found = asyncio.run(watched(url))
    assert len(found) == 402
    assert {(one.event, one.subject, one.rooms) for one in found} == {
        ("message:broadcast", "RC-abc-1", ("sos:RC-abc-1",)),
        ("message:broadcast", None, ("sos:undefined",)),
    }


@pytest.mark.parametrize("form", FORMS)
def test_ids_of_every_form_are_known_to_be_of_the_run(form: Form) -> None:
    observer = RedisObserver(watch("redis://127.0.0.1:1", "4c1d9a7be2035f"))
    ids = pair_of(form, "4c1d9a7be2035f", 3)
    for room in (*ids, *pair_of(form, "of another run", 3)):
        packet = {**PACKET, "data": ["message:broadcast", {"sosId": room}]}
        observer._note(msgspec.msgpack.encode(["uid", packet, {**OPTIONS, "rooms": [f"sos:{room}"]}]), of_adapter)
    assert tuple(seen.subject for seen in observer.observations()) == ids


def test_an_observer_publishes_nothing(tmp_path: Path) -> None:
    async def watched(url: str) -> None:
        observer = RedisObserver(watch(url, "abc"))
        await observer.start()
        await observer.look()
        await observer.caught_up()
        await observer.stop()

    with redis(tmp_path) as (url, _):
        other = client.Redis.from_url(url)
        other.config_resetstat()
        asyncio.run(watched(url))
        used = set(other.info("commandstats"))
        assert other.keys("*") == []
    reading = {"ping", "psubscribe", "subscribe", "ssubscribe", "pubsub|shardchannels", "xrange", "xrevrange"}
    bookkeeping = {"client|setinfo", "client|maint_notifications", "hello", "info", "config|resetstat", "keys"}
    assert used <= {f"cmdstat_{name}" for name in reading | bookkeeping}


@pytest.mark.parametrize("credentials", [False, True])
@pytest.mark.parametrize("template", ["sos:{sosId}", "sos-{sosId}"])
def test_python_socketio_instrumented_for_the_admin_ui_shows_its_rooms(template, credentials, tmp_path) -> None:
    options = ("--user", "ops", "--password", "a password") if credentials else ()
    report = tmp_path / "report.json"
    with instrumented("--template", template, *options) as url:
        admin = {"username": "ops", "password": "a password"} if credentials else True
        path = settings(tmp_path, realtime_urls=[url], observers={"admin": admin})
        run = roomcheck("check", "--target", "it", "--settings", str(path), "--select", NAMED, "--timeout", "1",
                        "--select", "message:broadcast", "--report", f"json={report}")  # fmt: skip
    found = [v["message"] for v in json.loads(report.read_text())["verdicts"]]
    fine = template == "sos:{sosId}"
    told = f"named {template}" if fine else f"expected a room named sos:{{sosId}}, got {template}"
    assert found == [f"{told} (seen by admin)"], run.stdout + run.stderr
    assert run.returncode == (0 if fine else 1)


def test_python_socketio_that_does_not_know_us_is_told(tmp_path: Path) -> None:
    with instrumented("--user", "ops", "--password", "a password") as url:
        path = settings(tmp_path, realtime_urls=[url], observers={"admin": True})
        run = roomcheck("check", "--target", "it", "--settings", str(path), "--select", NAMED, "--timeout", "1",
                        "--select", "message:broadcast")  # fmt: skip
    assert "set observers.admin to its username and password" in run.stdout.replace("\n", " ")


@pytest.mark.parametrize("template", ["sos:{sosId}", "sos-{sosId}"])
def test_python_socketio_on_redis_shows_its_rooms(template: str, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    with redis(tmp_path) as (redis_url, _), instrumented("--template", template, "--redis", redis_url) as url:
        path = settings(tmp_path, realtime_urls=[url], observers={"redis_url": redis_url})
        roomcheck("check", "--target", "it", "--settings", str(path), "--select", NAMED, "--timeout", "1",
                  "--select", "message:broadcast", "--report", f"json={report}")  # fmt: skip
    found = [v["message"] for v in json.loads(report.read_text())["verdicts"]]
    told = f"named {template}" if template == "sos:{sosId}" else f"expected a room named sos:{{sosId}}, got {template}"
    assert found == [f"{told} (seen by redis)"]


def test_an_observer_may_take_as_long_as_a_call_of_the_target() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        asked = watch(f"redis://127.0.0.1:{port}", "n")
        watching = observatory(replace(asked, target=replace(asked.target, call_s=0.3)))
        asyncio.run(watching.start())
    assert watching.notes == [f"Redis at 127.0.0.1:{port} shows no rooms: no answer within 0.3 s"]
