"""`init` writes settings, `doctor` says what of a target is reached and what is missing."""

import os
import pty
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.deploying import key_pair, nodes, redis
from tests.running import HANG_S, KEY, ROOT, clean_environment, free_port, peer, roomcheck, served, settings


def doctor(path: Path, *words: str, **env: str):
    run = roomcheck("doctor", "--target", "it", "--settings", str(path), *words, env=env)
    steps = [line for line in run.stdout.splitlines() if line.split(" ")[0] in ("ok", "missing", "broken")]
    return run, steps


def test_what_init_writes_a_check_can_use(tmp_path: Path) -> None:
    path = tmp_path / "roomcheck.toml"
    with served("--jwt-key", KEY, "--internal-token", "a secret of its own", "--admin") as url:
        first = roomcheck("init", "--target", "it", "--url", url, "--auth", "jwt", "--triggers", "internal", "--admin",
                          "--settings", str(path))  # fmt: skip
        run, steps = doctor(path, ROOMCHECK_JWT_KEY=KEY, ROOMCHECK_INTERNAL_TOKEN="a secret of its own")
    assert first.returncode == 0, first.stderr
    assert f"next: roomcheck doctor --target it" in first.stdout  # noqa: F541
    assert run.returncode == 0, run.stdout + run.stderr
    assert [step.split()[1] for step in steps] == [
        "contracts", "reaches", "identity", "connects", "refuses", *["broadcast"] * 7, "room", "HTTP"
    ]  # fmt: skip


def test_init_adds_to_settings_and_keeps_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "roomcheck.toml"
    for name in ("one", "two"):
        run = roomcheck("init", "--target", name, "--url", "http://127.0.0.1:1", "--settings", str(path))
        assert run.returncode == 0
    assert set(tomllib.loads(path.read_text())["targets"]) == {"one", "two"}
    before = path.read_text()
    again = roomcheck("init", "--target", "one", "--url", "http://127.0.0.1:2", "--settings", str(path))
    assert again.returncode == 2
    assert "has a target 'one' already; choose another --target, or --force" in again.stderr
    assert path.read_text() == before
    assert (
        roomcheck(
            "init", "--target", "one", "--url", "http://127.0.0.1:2", "--force", "--settings", str(path)
        ).returncode
        == 0
    )
    assert set(tomllib.loads(path.read_text())["targets"]) == {"one"}


SIGNED = {
    "nothing": ((), {"algorithm": "HS256", "key": "${ROOMCHECK_JWT_KEY}"}),
    "a shared algorithm": (("--algorithm", "HS512"), {"algorithm": "HS512", "key": "${ROOMCHECK_JWT_KEY}"}),
    "another, with its key in the environment": (
        ("--algorithm", "RS256"),
        {"algorithm": "RS256", "key": "${ROOMCHECK_JWT_KEY}"},
    ),
    "a key file": (("--key-file", "{folder}/keys/RS256.pem"), {"algorithm": "RS256", "key_file": "keys/RS256.pem"}),
}


@pytest.mark.parametrize("name", SIGNED)
def test_init_writes_what_tokens_are_signed_with(name: str, tmp_path: Path) -> None:
    words, expected = SIGNED[name]
    (tmp_path / "keys").mkdir()
    key_pair(tmp_path / "keys", "RS256")
    folder = os.path.relpath(tmp_path, ROOT)
    given = [word.format(folder=folder) for word in words]
    path = tmp_path / "roomcheck.toml"
    run = roomcheck("init", "--url", "http://127.0.0.1:1", "--auth", "jwt", *given, "--settings", str(path))
    assert run.returncode == 0, run.stderr
    assert tomllib.loads(path.read_text())["targets"]["local"]["auth"] == {"kind": "jwt"} | expected


FAULTS = {
    "no address": (("--target", "it"), "--url: where do sockets connect? Give it once for each node"),
    "no URL": (("--url", "ftp://x"), "--url: expected an address such as http://127.0.0.1:4001, got 'ftp://x'"),
    "a name with blanks": (("--target", "a b", "--url", "http://x"), "--target: expected a name of letters, digits"),
    "no such algorithm": (
        ("--url", "http://x", "--auth", "jwt", "--algorithm", "none"),
        "--algorithm: expected HS256, ",
    ),
    "a key that is not there": (
        ("--url", "http://x", "--auth", "jwt", "--key-file", "/no/such/key"),
        "--key-file: there is no file '/no/such/key'",
    ),
    "a key of another kind": (
        ("--url", "http://x", "--auth", "jwt", "--algorithm", "ES256", "--key-file", str(ROOT / "README.md")),
        "--key-file: ES256 needs a PEM private key of its kind, and this one is not",
    ),
    "a key without jwt": (("--url", "http://x", "--key-file", "k.pem"), "--key-file: is only used with --auth jwt"),
    "no such kind": (("--url", "http://x", "--auth", "basic"), "--auth: expected none, token, command, jwt"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_init_does_not_take(name: str, tmp_path: Path) -> None:
    words, message = FAULTS[name]
    run = roomcheck("init", *words, "--settings", str(tmp_path / "roomcheck.toml"))
    assert run.returncode == 2
    assert message in run.stderr
    assert not (tmp_path / "roomcheck.toml").exists()


def test_init_asks_on_a_terminal(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    program = subprocess.Popen(
        [sys.executable, "-m", "cli", "init", "--settings", str(tmp_path / "roomcheck.toml")],
        cwd=ROOT, env=clean_environment(), stdin=theirs, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    key = key_pair(tmp_path, "ES256").private
    urls = "http://127.0.0.1:1 http://127.0.0.1:2"
    answers = iter(("staging", urls, "http://127.0.0.1:3", "jwt", "ES256", str(key), "api", "", "y"))
    said = b""
    try:
        while True:
            said += os.read(ours, 4096)
            if said.rstrip().endswith(b":"):
                os.write(ours, next(answers).encode() + b"\n")
                said = b""
    except OSError:
        pass  # The other end is closed: it has ended.
    assert program.wait(timeout=HANG_S) == 0
    made = tomllib.loads((tmp_path / "roomcheck.toml").read_text())["targets"]["staging"]
    assert made["realtime_urls"] == ["http://127.0.0.1:1", "http://127.0.0.1:2"]
    assert made["api_url"] == "http://127.0.0.1:3"
    assert made["auth"] == {"kind": "jwt", "algorithm": "ES256", "key_file": str(key)}
    assert made["observers"] == {"admin": True}


def test_doctor_ends_where_nobody_answers(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    run, steps = doctor(settings(tmp_path, realtime_urls=[url]))
    assert run.returncode == 3
    assert [step.split()[0] for step in steps] == ["ok", "broken"]
    assert f"nothing answers at {url}" in run.stdout
    assert "-> correct realtime_urls or path" in run.stdout


def test_doctor_says_what_is_missing_with_the_line_to_add(tmp_path: Path) -> None:
    with served("--internal-token", "a secret of its own") as url:
        run, _ = doctor(settings(tmp_path, realtime_urls=[url], triggers="internal"))
    said = " ".join(run.stdout.split())
    assert run.returncode == 4
    assert (
        "missing broadcast message:broadcast is not caused by any act"
        " -> its trigger needs the header x-internal-token: " in said
    )
    assert 'add x-internal-token = "${...}" to [targets.it.headers]' in said
    assert "missing room names only behaviour was seen, which shows no names" in said
    assert '-> [targets.it.observers] redis_url = "redis://..." where nodes share one, or admin = true' in said


def test_doctor_says_that_tokens_are_not_taken(tmp_path: Path) -> None:
    with served("--jwt-key", KEY) as url:
        run, _ = doctor(
            settings(tmp_path, realtime_urls=[url], auth={"kind": "jwt", "key": "another key, of good length"})
        )
    said = " ".join(run.stdout.split())
    assert run.returncode == 1
    assert "broken connects the service refused the connection: AUTHENTICATION_ERROR" in said
    assert "-> see [auth]" in said
    assert "missing refuses the service refuses every token, the valid one too" in said
    assert "ok refuses" not in said
    assert "broadcast" not in said, "what goes over sockets cannot be seen"


@pytest.mark.peer
def test_doctor_names_the_room_and_the_nodes_that_are_apart(tmp_path: Path) -> None:
    with (
        redis(tmp_path) as (redis_url, _),
        nodes(redis_url, "--room-template", "sos-{sosId}", each=((), ("--adapter", "none"))) as urls,
    ):
        path = settings(tmp_path, realtime_urls=urls, observers={"redis_url": redis_url}, timeouts={"deadline_s": 1})
        run, _ = doctor(path)
    said = " ".join(run.stdout.split())
    assert run.returncode == 1
    assert "broken room names expected a room named sos:{sosId}, got sos-{sosId} (seen by redis)" in said
    assert f"broken nodes {urls[0]} -> {urls[1]}:" in said
    assert "-> give every node the adapter, and the same Redis" in said


@pytest.mark.peer
def test_doctor_says_which_observer_sees_nothing(tmp_path: Path) -> None:
    with peer() as url:
        run, _ = doctor(settings(tmp_path, realtime_urls=[url], observers={"redis_url": "redis://127.0.0.1:1/0"}))
    assert run.returncode == 4
    assert "missing observer Redis at 127.0.0.1:1 shows no rooms" in " ".join(run.stdout.split())


@pytest.mark.peer
def test_doctor_says_that_an_observer_that_is_set_saw_nothing(tmp_path: Path) -> None:
    with redis(tmp_path) as (redis_url, _), peer() as url:
        run, _ = doctor(settings(tmp_path, realtime_urls=[url], observers={"redis_url": redis_url}))
    said = " ".join(run.stdout.split())
    assert run.returncode == 4
    assert "missing room names Redis was watched and showed no room: " in said
    assert "-> see that observers.redis_url is the Redis of the service's adapter" in said
    assert 'redis_url = "redis://..."' not in said


def test_doctor_tells_the_transports_apart_and_names_an_event_once(tmp_path: Path) -> None:
    with served() as url:
        run, _ = doctor(settings(tmp_path, realtime_urls=[url]), "--transport", "all")
    said = " ".join(run.stdout.split())
    for transport in ("websocket", "polling", "upgrade"):
        assert said.count(f"broadcast location:broadcast: it arrived over {transport} ") == 1
    assert said.partition("missing room names")[2].count("location:broadcast") == 1


def test_doctor_looks_by_the_contracts_that_are_named_over_those_of_the_settings(tmp_path: Path) -> None:
    """One event less is provoked, and the settings name contracts that have it."""
    own = Path(shutil.copytree(ROOT / "contracts" / "sos", tmp_path / "own"))
    for event in ("update", "broadcast"):
        (own / "events" / f"location.location-{event}.json").unlink()
    with served() as url:
        path = settings(tmp_path, realtime_urls=[url], contracts="sos")
        named, steps = doctor(path, "--contracts", str(own))
        plain = roomcheck("doctor", url, "--contracts", str(own))
    for run in (named, plain):
        assert f"{own}/bundle.json" in "".join(run.stdout.split())
        assert "location:broadcast" not in run.stdout
        assert "sos:status:broadcast: it arrived" in " ".join(run.stdout.split())
    assert [step.split()[1] for step in steps].count("broadcast") == 6


def test_doctor_says_which_contracts_cannot_be_used(tmp_path: Path) -> None:
    run = roomcheck("doctor", "http://127.0.0.1:1", "--contracts", str(tmp_path))
    assert run.returncode == 2
    assert "no contracts here: expected a folder with a bundle.json" in run.stderr


def test_doctor_wants_a_target() -> None:
    run = roomcheck("doctor")
    assert (run.returncode, run.stderr) == (
        2,
        "roomcheck: doctor: name a target with --target, or give the URL of a service\n",
    )
