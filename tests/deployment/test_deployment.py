"""Deployments of real parts: nodes of the official server on Redis, behind nginx with TLS, watched from outside."""

import json
import os
from pathlib import Path

import pytest

from tests.deploying import authority, key_pair, nginx, nodes, redis
from tests.forks import Fork
from tests.running import HANG_S, KEY, clean_environment, peer, roomcheck, settings

SOON = {"deadline_s": 1}
"""For services that keep silent: half the time to wait, and still a thousand times what a delivery takes."""

NAMED = "room-is-named-as-documented"
ACROSS = "broadcast-reaches-every-node"
ROOM_EVENTS = 7
INTERNAL = "an internal secret"

pytestmark = pytest.mark.peer


def report(path: Path) -> dict:
    return json.loads(path.read_text())


def checked(folder: Path, *words: str, **env: str):
    """The exit code, the report and the output of a check of the target `it`."""
    path = folder / "report.json"
    run = roomcheck("check", "--target", "it", "--settings", str(folder / "roomcheck.toml"),
                    "--report", f"json={path}", *words, env=env)  # fmt: skip
    return run, report(path)


def not_passed(made: dict) -> list[tuple[str, str, str]]:
    return [(v["rule"], v["subject"], v["message"]) for v in made["verdicts"] if v["outcome"] != "pass"]


def messages(made: dict, rule: str) -> set[str]:
    return {v["message"] for v in made["verdicts"] if v["rule"] == rule}


@pytest.mark.parametrize(
    ("via", "transport", "words"),
    [
        ("redis", "websocket", ()),
        ("admin", "polling", ("--select", NAMED)),
        pytest.param("admin", "polling", (), marks=pytest.mark.long),
        pytest.param("redis", "polling", ("--select", NAMED), marks=pytest.mark.long),
        pytest.param("admin", "websocket", ("--select", NAMED), marks=pytest.mark.long),
    ],
)
def test_two_nodes_on_redis_behind_nginx_hold_and_their_rooms_are_proved(via, transport, words, tmp_path) -> None:
    keys, ca = key_pair(tmp_path, "RS256"), authority(tmp_path)
    options = ("--jwt-public-key", str(keys.public), "--jwt-issuer", "sso", "--jwt-audience", "sos")
    admin = ("--admin-user", "ops", "--admin-password", "admin secret")
    with (
        redis(tmp_path) as (redis_url, _),
        nodes(redis_url, *options, *admin) as urls,
        nginx(tmp_path, urls, ca.issue("server")) as url,
    ):
        auth = {"kind": "jwt", "algorithm": "RS256", "key_file": keys.private.name, "issuer": "sso", "audience": "sos"}
        watched = {
            "redis": {"redis_url": redis_url},
            "admin": {"admin": {"username": "ops", "password": "${ADMIN_PASSWORD}"}},
        }
        settings(tmp_path, realtime_urls=[url], auth=auth, observers=watched[via], tls={"ca_file": "ca.pem"})
        run, made = checked(tmp_path, "--transport", transport, *words, ADMIN_PASSWORD="admin secret")
    assert made["remarks"] == []
    assert not_passed(made) == []
    assert made["not_exercised"] == []
    assert messages(made, NAMED) == {f"named sos:{{sosId}} (seen by {via})"}
    assert run.returncode == 0, run.stdout + run.stderr
    assert "admin secret" not in run.stdout + run.stderr + json.dumps(made)


ADAPTERS = ("classic", "sharded", "streams")
OF_NODES = ("--select", NAMED, "--select", ACROSS)
"""What an adapter can do otherwise than another: the rest is the same on each, and is played behind nginx."""


@pytest.mark.parametrize(
    ("adapter", "words"),
    [
        *((adapter, OF_NODES) for adapter in ADAPTERS),
        *(pytest.param(adapter, (), marks=pytest.mark.long) for adapter in ADAPTERS),
    ],
)
def test_nodes_on_every_adapter_hold_and_redis_proves_the_rooms(adapter: str, words, tmp_path: Path) -> None:
    with redis(tmp_path) as (redis_url, _), nodes(redis_url, "--adapter", adapter, "--jwt-key", KEY) as urls:
        auth = {"kind": "jwt", "key": "${SOS_KEY}"}
        settings(tmp_path, realtime_urls=urls, auth=auth, observers={"redis_url": redis_url})
        run, made = checked(tmp_path, *words, SOS_KEY=KEY)
    assert not_passed(made) == []
    assert messages(made, NAMED) == {"named sos:{sosId} (seen by redis)"}
    pairs = {v["subject"] for v in made["verdicts"] if v["rule"] == ACROSS}
    assert pairs == {f"{one} -> {other}" for one in urls for other in urls if one != other}
    assert run.returncode == 0, run.stdout + run.stderr
    assert "caused at \\ received at" in run.stdout


@pytest.mark.parametrize(
    ("adapter", "template"),
    [
        ("classic", "sos-{sosId}"),
        ("streams", "SOS:{sosId}"),
        *(
            pytest.param(*other, marks=pytest.mark.long)
            for other in (
                ("classic", "SOS:{sosId}"),
                ("sharded", "sos-{sosId}"),
                ("sharded", "SOS:{sosId}"),
                ("streams", "sos-{sosId}"),
            )
        ),
    ],
)
def test_rooms_of_another_name_are_caught_by_redis_with_their_template(adapter, template, tmp_path) -> None:
    options = ("--adapter", adapter, "--jwt-key", KEY, "--room-template", template)
    with redis(tmp_path) as (redis_url, _), nodes(redis_url, *options) as urls:
        settings(tmp_path, realtime_urls=urls, auth={"kind": "jwt", "key": KEY}, observers={"redis_url": redis_url})
        run, made = checked(tmp_path, "--select", NAMED)
    assert messages(made, NAMED) == {f"expected a room named sos:{{sosId}}, got {template} (seen by redis)"}
    assert [rule for rule, _, _ in not_passed(made)] == [NAMED] * ROOM_EVENTS
    assert run.returncode == 1


@pytest.mark.parametrize(
    ("template", "words"),
    [
        # That no other rule accuses them is seen once: one node shows it as several do, whoever watches them.
        ("sos-{sosId}", ()),
        ("SOS:{sosId}", ("--select", NAMED)),
        ("sos-everyone", ("--select", NAMED)),
    ],
)
def test_rooms_of_another_name_are_caught_by_the_admin_ui_with_their_template(template, words, tmp_path) -> None:
    with peer("--jwt-key", KEY, "--room-template", template, "--admin") as url:
        settings(tmp_path, realtime_urls=[url], auth={"kind": "jwt", "key": KEY}, observers={"admin": True})
        run, made = checked(tmp_path, *words)
    got = template if "{" in template else f"{template} (one name for every sosId)"
    assert messages(made, NAMED) == {f"expected a room named sos:{{sosId}}, got {got} (seen by admin)"}
    assert [rule for rule, _, _ in not_passed(made)] == [NAMED] * ROOM_EVENTS
    assert run.returncode == 1


def test_one_room_for_all_is_caught_by_redis_and_by_behaviour(tmp_path: Path) -> None:
    with redis(tmp_path) as (redis_url, _), nodes(redis_url, "--room-template", "sos-everyone") as urls:
        settings(tmp_path, realtime_urls=urls, observers={"redis_url": redis_url}, timeouts=SOON)
        run, made = checked(tmp_path, "--select", NAMED, "--select", "rooms-are-isolated")
    got = "sos-everyone (one name for every sosId)"
    assert messages(made, NAMED) == {f"expected a room named sos:{{sosId}}, got {got} (seen by redis)"}
    assert "rooms-are-isolated" in {rule for rule, _, _ in not_passed(made)}
    assert run.returncode == 1


def test_a_node_that_is_cut_off_is_caught_and_the_pair_named(tmp_path: Path) -> None:
    with (
        redis(tmp_path) as (redis_url, _),
        nodes(redis_url, "--jwt-key", KEY, each=((), ("--adapter", "none"))) as (joined, apart),
    ):
        settings(tmp_path, realtime_urls=[joined, apart], auth={"kind": "jwt", "key": KEY}, timeouts=SOON)
        run, made = checked(tmp_path, "--select", ACROSS)
    lost = {v["subject"]: v["got"] for v in made["verdicts"] if v["rule"] == ACROSS and v["outcome"] == "fail"}
    assert set(lost) == {f"{joined} -> {apart}", f"{apart} -> {joined}"}
    for got in lost.values():
        assert "message:broadcast" in got
        assert "location:broadcast" in got
        assert "message:typing:start" in got
    assert run.returncode == 1
    assert run.stdout.count("LOST") == 2


def test_of_three_nodes_the_one_that_is_cut_off_is_named(tmp_path: Path) -> None:
    each = ((), (), ("--adapter", "none"))
    with redis(tmp_path) as (redis_url, _), nodes(redis_url, "--jwt-key", KEY, each=each) as urls:
        settings(tmp_path, realtime_urls=urls, auth={"kind": "jwt", "key": KEY}, timeouts=SOON)
        run, made = checked(tmp_path, "--select", ACROSS)
    one, two, apart = urls
    found = {v["subject"]: v["outcome"] for v in made["verdicts"]}
    fine = {f"{one} -> {two}", f"{two} -> {one}"}
    assert {pair for pair, outcome in found.items() if outcome == "pass"} == fine
    lost = {f"{apart} -> {one}", f"{apart} -> {two}", f"{one} -> {apart}", f"{two} -> {apart}"}
    assert {pair for pair, outcome in found.items() if outcome == "fail"} == lost
    assert run.returncode == 1


def test_a_target_with_internal_triggers_alone_holds(tmp_path: Path) -> None:
    with peer("--jwt-key", KEY, "--no-api", "--internal-token", INTERNAL, "--admin") as url:
        settings(
            tmp_path,
            realtime_urls=[url],
            triggers="internal",
            auth={"kind": "jwt", "key": KEY},
            headers={"x-internal-token": "${SOS_INTERNAL_TOKEN}"},
            observers={"admin": True},
        )
        run, made = checked(tmp_path, SOS_INTERNAL_TOKEN=INTERNAL)
    assert not_passed(made) == []
    assert len(messages(made, NAMED)) == 1
    assert {one["reason"] for one in made["not_exercised"]} == {
        'the HTTP API is not part of this target: set triggers = "api" and api_url'
    }
    assert run.returncode == 0, run.stdout + run.stderr
    assert INTERNAL not in run.stdout + json.dumps(made)


def test_internal_triggers_without_their_secret_say_which_header_to_add(tmp_path: Path) -> None:
    with peer("--no-api", "--internal-token", INTERNAL) as url:
        settings(tmp_path, realtime_urls=[url], triggers="internal")
        run, made = checked(tmp_path)
    told = {one["subject"]: one["reason"] for one in made["not_exercised"] if one["rule"] == "broadcast-arrives"}
    assert told == {
        "message:broadcast": "its trigger needs the header x-internal-token: "
        'add x-internal-token = "${...}" to [targets.it.headers]'
    }
    assert [v for v in not_passed(made) if v[0] not in (NAMED, "bad-token-is-refused", "sender-is-named-truly")] == []
    assert run.returncode == 0, run.stdout


def test_a_trigger_that_is_turned_away_says_its_status(tmp_path: Path) -> None:
    with peer("--no-api", "--internal-token", INTERNAL) as url:
        settings(
            tmp_path,
            realtime_urls=[url],
            triggers="internal",
            headers={"x-internal-token": "not the secret"},
            timeouts=SOON,
        )
        _, made = checked(tmp_path, "--select", "broadcast-arrives")
    told = {one["subject"]: one["reason"] for one in made["not_exercised"] if one["rule"] == "broadcast-arrives"}
    assert told == {
        "message:broadcast": "its trigger POST /internal/messaging/broadcast answered 401 "
        '{"success": false, "error": "x-internal-token is missing or wrong"}, expected 200 or 201 or 202 or 204'
    }


def test_what_only_behaves_is_not_said_to_be_named(tmp_path: Path) -> None:
    with peer("--jwt-key", KEY) as url:
        settings(tmp_path, realtime_urls=[url], auth={"kind": "jwt", "key": KEY})
        run, made = checked(tmp_path, "--select", NAMED, "--select", "broadcast-*", "--select", "delivered-*")
    found = [v for v in made["verdicts"] if v["rule"] == NAMED]
    assert {v["outcome"] for v in found} == {"inconclusive"}
    assert {v["hint"] for v in found} == {
        "set observers.redis_url or observers.admin of the target, where its adapter or its Admin UI can be watched"
    }
    assert run.returncode == 0


OBSERVERS = {
    "no Redis": ({"redis_url": "redis://127.0.0.1:1/0"}, "Redis at 127.0.0.1:1 shows no rooms: "),
    "no Admin UI": ({"admin": True}, "shows no rooms: it refuses the connection: Invalid namespace"),
}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("no Redis", ()),
        ("no Admin UI", ("--select", "message:broadcast")),
        pytest.param("no Admin UI", (), marks=pytest.mark.long),
    ],
)
def test_an_observer_that_is_not_there_breaks_nothing(name: str, words: tuple[str, ...], tmp_path: Path) -> None:
    observers, told = OBSERVERS[name]
    with peer("--jwt-key", KEY) as url:
        settings(tmp_path, realtime_urls=[url], auth={"kind": "jwt", "key": KEY}, observers=observers)
        run, made = checked(tmp_path, *words)
    assert len(made["remarks"]) == 1
    assert told in made["remarks"][0]
    assert {rule for rule, _, _ in not_passed(made)} == {NAMED}
    assert run.returncode == 0


@pytest.mark.parametrize("admin", [True, {"username": "ops", "password": "wrong"}])
def test_an_admin_ui_that_does_not_know_us_is_told(admin, tmp_path: Path) -> None:
    with peer("--admin-user", "ops", "--admin-password", "right") as url:
        settings(tmp_path, realtime_urls=[url], observers={"admin": admin})
        _, made = checked(tmp_path, "--select", NAMED)
    assert len(made["remarks"]) == 1
    assert "set observers.admin to its username and password" in made["remarks"][0]


def test_an_admin_ui_in_production_says_how_to_switch_it_on(tmp_path: Path) -> None:
    with peer("--admin", "--admin-mode", "production") as url:
        settings(tmp_path, realtime_urls=[url], observers={"admin": True})
        _, made = checked(tmp_path, "--select", NAMED)
    assert [remark.partition(": ")[2] for remark in made["remarks"]] == [
        "it lists no sockets; instrument the server with mode: 'development'"
    ]


def test_redis_that_dies_in_mid_check_ends_it_with_a_clear_word(tmp_path: Path) -> None:
    with redis(tmp_path) as (redis_url, program), nodes(redis_url, "--jwt-key", KEY) as urls:
        settings(tmp_path, realtime_urls=urls, auth={"kind": "jwt", "key": KEY}, observers={"redis_url": redis_url})
        pipe = tmp_path / "journal"
        os.mkfifo(pipe)
        words = ["check", "--target", "it", "--settings", str(tmp_path / "roomcheck.toml"), "--transport", "all"]
        check = Fork(("cli", *words, "--journal", str(pipe)), env=clean_environment())
        lines = []
        with pipe.open() as journal:
            for line in journal:
                lines.append(json.loads(line))
                if lines[-1]["kind"] == "transcript" and program.poll() is None:
                    program.kill()
                    program.wait()
        out, _ = check.communicate(timeout=HANG_S)
    assert check.returncode == 3, out
    notes = [line["text"] for line in lines if line["kind"] == "note" and not line["remark"]]
    assert len(notes) == 1
    assert notes[0].startswith("Redis at 127.0.0.1:")
    assert "acts were completed, and only those are judged" in notes[0]
    assert [line for line in lines if line["kind"] == "verdict" and line["outcome"] == "fail"] == []
    assert lines[-1]["kind"] == "footer"


def test_redis_that_dies_unwatched_does_not_hang_the_check(tmp_path: Path) -> None:
    with redis(tmp_path) as (redis_url, program), nodes(redis_url, "--jwt-key", KEY) as urls:
        settings(tmp_path, realtime_urls=urls, auth={"kind": "jwt", "key": KEY}, timeouts=SOON)
        program.kill()
        program.wait()
        run, made = checked(tmp_path, "--select", ACROSS, "--select", "broadcast-arrives")
    assert run.returncode == 1
    lost = {v["subject"] for v in made["verdicts"] if v["rule"] == ACROSS and v["outcome"] == "fail"}
    assert lost == {f"{urls[0]} -> {urls[1]}", f"{urls[1]} -> {urls[0]}"}
