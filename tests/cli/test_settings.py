"""Settings: what is read from where, what wins, and one clear message for whatever is wrong."""

import json
from pathlib import Path

import pytest

from conformance.support.errors import UsageError
from conformance.target import settings as module
from conformance.target.secrets import Secrets
from contracts.load import load
from tests import honest
from tests.deploying import key_pair
from tests.running import KEY, roomcheck, served, settings

URL = "http://127.0.0.1:4001"


def made(folder: Path, text: str):
    """The target `it` of a file."""
    (folder / "roomcheck.toml").write_text(text)
    secrets = Secrets()
    return module.target_of(module.chosen("it", folder / "roomcheck.toml", secrets), load("sos"), secrets)


def fault(folder: Path, text: str) -> str:
    with pytest.raises(UsageError) as caught:
        made(folder, text)
    return str(caught.value).replace(f"{folder}/", "")


IT = f'[targets.it]\nrealtime_urls = ["{URL}"]\n'

FAULTS = {
    "an unknown key": (
        IT + 'contract = "sos"\n',
        "the settings cannot be used:\n"
        "  roomcheck.toml:3: targets.it.contract: unknown key `contract`; did you mean `contracts`?",
    ),
    "an unknown table": (
        IT + "[target.other]\n",
        "the settings cannot be used:\n  roomcheck.toml:3: target: unknown key `target`; did you mean `targets`?",
    ),
    "an unknown key of auth": (
        IT + '[targets.it.auth]\nkind = "jwt"\nalgoritm = "RS256"\n',
        "the settings cannot be used:\n"
        "  roomcheck.toml:5: targets.it.auth.algoritm: unknown key `algoritm`; did you mean `algorithm`?",
    ),
    "half a trigger": (
        IT + '[targets.it.triggers."message:broadcast"]\nmethod = "POST"\n',
        "the settings cannot be used:\n"
        "  roomcheck.toml:3: targets.it.triggers.message:broadcast: the key `url` is missing",
    ),
    "a text for a list": (
        '[targets.it]\nrealtime_urls = "http://127.0.0.1:1"\n',
        "the settings cannot be used:\n  roomcheck.toml:2: targets.it.realtime_urls: expected type array",
    ),
    "no address": (
        '[targets.it]\napi_url = "http://127.0.0.1:1"\n',
        "the settings cannot be used:\n  roomcheck.toml:1: targets.it: the key `realtime_urls` is missing",
    ),
    "no such target": (
        '[targets.that]\nrealtime_urls = ["http://127.0.0.1:1"]\n',
        "--target: roomcheck.toml has no target 'it'; it has that",
    ),
    "a target by a like name": (
        '[targets.its]\nrealtime_urls = ["http://127.0.0.1:1"]\n',
        "--target: roomcheck.toml has no target 'it'; did you mean 'its'?",
    ),
    "a variable that is not set": (
        IT + '[targets.it.headers]\nx-secret = "${NO_SUCH_VARIABLE}"\n',
        "roomcheck.toml:4: targets.it.headers.x-secret: the environment has no variable NO_SUCH_VARIABLE; set it",
    ),
    "no TOML": ("[targets.it\n", "roomcheck.toml: is not TOML: Expected ']' at the end of a table declaration"),
    "credentials in an address": (
        '[targets.it]\nrealtime_urls = ["http://me:pw@127.0.0.1:1"]\n',
        "targets.it.realtime_urls: credentials are not allowed in an address; use a token, or [auth] of the settings",
    ),
    "no triggers of that name": (
        IT + 'triggers = "intern"\n',
        "targets.it.triggers: there are no triggers 'intern' with sos; did you mean 'internal'?",
    ),
    "a trigger of no event": (
        IT + '[targets.it.triggers."message:brodcast"]\nmethod = "POST"\nurl = "/x"\n',
        "targets.it.triggers: no event that the server sends to a room is called 'message:brodcast'; "
        "did you mean 'message:broadcast'?",
    ),
    "a trigger that asks for no field": (
        IT + '[targets.it.triggers."message:broadcast"]\nmethod = "POST"\nurl = "/x/{sosID}"\n',
        "targets.it.triggers: message:broadcast: nothing is called {sosID} here; did you mean {sosId}?",
    ),
    "a key without a use": (
        IT + '[targets.it.auth]\nkind = "token"\ntoken = "t"\nkey_file = "k"\n',
        'targets.it.auth: key_file is not used with kind = "token", which reads token, tokens',
    ),
    "a kind without its key": (
        IT + '[targets.it.auth]\nkind = "jwt"\n',
        'targets.it.auth: kind = "jwt" needs one of key and key_file',
    ),
    "a token that is not there": (
        IT + '[targets.it.auth]\nkind = "token"\n',
        'targets.it.auth: kind = "token" needs token, or [targets.it.auth.tokens] with one for each role',
    ),
    "a command that is not there": (
        IT + '[targets.it.auth]\nkind = "command"\n',
        'targets.it.auth: kind = "command" needs command, the words of a program that prints a token',
    ),
    "claims of nothing": (
        IT + '[targets.it.auth]\nkind = "jwt"\nkey = "k"\nclaims = {sub = "{user}"}\n',
        "targets.it.auth.claims: nothing is called {user} here; did you mean {user_id}?",
    ),
    "a shared secret for RSA": (
        IT + '[targets.it.auth]\nkind = "jwt"\nkey = "k"\nalgorithm = "RS256"\n',
        "targets.it.auth: RS256 needs a PEM private key of its kind, and this one is not: InvalidKeyError",
    ),
    "an event without a deadline of its own": (
        IT + '[targets.it.timeouts.events]\n"message:brodcast" = 3\n',
        "targets.it.timeouts.events: no event is called 'message:brodcast'; did you mean 'message:broadcast'?",
    ),
    "a certificate that is not there": (
        IT + '[targets.it.tls]\nca_file = "ca.pem"\n',
        "targets.it.tls.ca_file: there is no file 'ca.pem'",
    ),
    "a key without a certificate": (
        IT + '[targets.it.tls]\nkey_file = "roomcheck.toml"\n',
        "targets.it.tls.key_file: a key needs cert_file",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_wrong_with_settings_is_said(name: str, tmp_path: Path) -> None:
    text, message = FAULTS[name]
    assert fault(tmp_path, text).startswith(message)


def test_the_command_says_it_in_one_message_and_ends_with_2(tmp_path: Path) -> None:
    (tmp_path / "roomcheck.toml").write_text(FAULTS["an unknown key"][0])
    run = roomcheck("check", "--target", "it", "--settings", str(tmp_path / "roomcheck.toml"))
    assert run.returncode == 2
    assert run.stderr.startswith("roomcheck: the settings cannot be used:")
    assert "did you mean `contracts`?" in run.stderr


USAGE = {
    "no settings at all": (("--target", "it"), "there is no roomcheck.toml here or above; `roomcheck init` writes one"),
    "settings that are not there": (("--target", "it", "--settings", "no.toml"), "there is no file 'no.toml'"),
    "settings without a target": (("--settings", "no.toml"), "--settings: name the target, too, with --target"),
    "TLS of the embedded service": (("--insecure",), "--insecure: not used with the embedded service"),
    "two identities": ((URL, "--token", "t", "--jwt-key", "k"), "--token and --jwt-key: give one of them"),
    "no such triggers": ((URL, "--triggers", "intern"), "--triggers: there are no triggers 'intern'"),
    "no Redis": ((URL, "--redis", "nonsense"), "--redis: expected an address such as redis://127.0.0.1:6379/0"),
    "no such CA": ((URL, "--ca", "no.pem"), "--ca.ca_file: there is no file"),
    "no such known failures": ((URL, "--known-failures", "no.toml"), "no.toml: cannot be read: No such file"),
}


@pytest.mark.parametrize("name", USAGE)
def test_options_that_cannot_be_meant(name: str) -> None:
    words, message = USAGE[name]
    run = roomcheck("check", *words)
    assert run.returncode == 2
    assert message in run.stderr
    assert run.stderr.count("\n") == 1


def test_a_target_has_all_that_its_table_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOS_SECRET", "the secret")
    target = made(
        tmp_path,
        IT
        + """
api_url = "http://127.0.0.1:4002/"
path = "/realtime"
namespace = "/sos"
wait_for_s = 5
[targets.it.headers]
x-internal-token = "${SOS_SECRET}"
[targets.it.timeouts]
connect_s = 3
call_s = 4
events = {"message:broadcast" = 1.5}
[targets.it.observers]
redis_url = "redis://127.0.0.1:6379/0"
admin = {username = "ops", password = "${SOS_SECRET}"}
[targets.it.triggers]
base = "internal"
"participant:left:broadcast" = false
[targets.it.triggers."sos:status:broadcast"]
method = "PUT"
url = "http://127.0.0.1:9/status/{sosId}"
status = [202]
""",
    )
    assert (target.urls, target.api_urls) == ((URL,), ("http://127.0.0.1:4002",))
    assert (target.path, target.namespace) == ("/realtime/", "/sos")
    assert (target.connect_s, target.call_s, target.wait_for_s) == (3, 4, 5)
    assert target.deadlines == {"message:broadcast": 1500}
    assert target.headers == {"x-internal-token": "the secret"}
    assert target.triggers.base == "internal"
    assert target.triggers.own["participant:left:broadcast"] is None
    trigger = target.triggers.own["sos:status:broadcast"]
    assert trigger is not None
    assert (trigger.method, trigger.status) == ("PUT", (202,))
    assert "the secret" not in repr(target)


def test_settings_stand_in_pyproject_too_and_are_found_above(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text(
        f'[project]\nname = "x"\n[tool.roomcheck.targets.it]\nrealtime_urls = ["{URL}"]\n'
    )
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert module.chosen("it", None, Secrets()).table["realtime_urls"] == [URL]
    (tmp_path / "a" / "roomcheck.toml").write_text('[targets.it]\nrealtime_urls = ["http://127.0.0.1:9"]\n')
    assert module.chosen("it", None, Secrets()).table["realtime_urls"] == ["http://127.0.0.1:9"]


@pytest.mark.parametrize("text", ["\ufeff" + IT, IT.replace("\n", "\r\n")])
def test_files_of_other_editors_are_read(text: str, tmp_path: Path) -> None:
    (tmp_path / "roomcheck.toml").write_bytes(text.encode())
    assert module.chosen("it", tmp_path / "roomcheck.toml", Secrets()).table["realtime_urls"] == [URL]


OF_TOKENS = ("--select", "sender-is-named-truly", "--select", "bad-token-is-refused")
"""What depends on tokens alone; a whole check with RS256 is played of several nodes behind nginx."""
OF_ROOMS = ("--select", "room-is-named-as-documented")


def test_flags_win_over_settings(tmp_path: Path) -> None:
    path = settings(
        tmp_path, realtime_urls=["http://127.0.0.1:1"], auth={"kind": "jwt", "key": "not the key, but long enough"}
    )
    report = tmp_path / "report.json"
    with served("--jwt-key", KEY, "--admin") as url:
        run = roomcheck("check", url, "--target", "it", "--settings", str(path), "--jwt-key", KEY, "--admin",
                        "--report", f"json={report}", *OF_TOKENS, *OF_ROOMS)  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    made = json.loads(report.read_text())
    assert made["target"] == url
    assert {one["outcome"] for one in made["verdicts"]} == {"pass"}
    assert {one["rule"] for one in made["verdicts"]} == {*OF_TOKENS[1::2], *OF_ROOMS[1::2]}
    assert made["not_exercised"] == []


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("RS256", OF_TOKENS),
        ("ES256", OF_TOKENS),
        *(pytest.param(kind, (), marks=pytest.mark.long) for kind in ("RS256", "ES256")),
    ],
)
def test_tokens_are_minted_with_a_private_key(kind: str, words: tuple[str, ...], tmp_path: Path) -> None:
    keys = key_pair(tmp_path, kind)
    auth = {"kind": "jwt", "algorithm": kind, "key_file": keys.private.name}
    with served("--jwt-public-key", str(keys.public), "--admin") as url:
        path = settings(tmp_path, realtime_urls=[url], auth=auth, observers={"admin": True})
        run = roomcheck("check", "--target", "it", "--settings", str(path), *words)
    assert ("HOLDS  " if words else honest.holds()) in run.stdout, run.stdout + run.stderr
    assert " pass, 0 fail; 100 % verified" in run.stdout


MINTING = """
import sys, jwt, time
user, role = sys.argv[1:]
claims = {"identity": {"userId": user, "role": role}, "exp": time.time() + 600}
print(jwt.encode(claims, "%s", algorithm="HS256"))
"""


def test_a_command_that_prints_without_end_is_ended(tmp_path: Path) -> None:
    auth = {"kind": "command", "command": ["sh", "-c", "yes | tr y x"]}
    with served() as url:
        path = settings(tmp_path, realtime_urls=[url], auth=auth)
        checked = roomcheck("check", "--target", "it", "--settings", str(path), timeout_s=20)
        loaded = roomcheck("load", "--target", "it", "--settings", str(path), "-t", "2s", timeout_s=20)
    assert checked.returncode == loaded.returncode == 2
    for run in (checked, loaded):
        assert "roomcheck: auth.command: 'sh' printed more than 65536 bytes, which is no token" in run.stderr


def test_a_command_prints_the_tokens(tmp_path: Path) -> None:
    import sys

    (tmp_path / "mint.py").write_text(MINTING % KEY)
    auth = {"kind": "command", "command": [sys.executable, str(tmp_path / "mint.py"), "{user_id}", "{role}"]}
    with served("--jwt-key", KEY, "--admin") as url:
        path = settings(tmp_path, realtime_urls=[url], auth=auth, observers={"admin": True})
        run = roomcheck("check", "--target", "it", "--settings", str(path), "--select", "sender-is-named-truly",
                        "--select", "bad-token-is-refused", "--verbose", timeout_s=120)  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    # The claims name each user, so that it is known; what is expired cannot be asked of the command.
    assert "sender-is-named-truly" not in run.stdout.partition("does not apply")[2]
    assert "HOLDS  6 pass, 0 fail" in run.stdout


COMMANDS = {
    "no such program": (["no-such-program"], "'no-such-program' cannot be run: No such file or directory"),
    "one that fails": (["sh", "-c", "echo no luck >&2; exit 3"], "'sh' ended with 3 and printed no token: no luck"),
    "one that is silent": (["true"], "'true' ended with 0 and printed no token"),
    "one that prints more": (["echo", "the token:", "abc"], "expected 'echo' to print one token, got 3 words"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_prints_no_token(name: str, tmp_path: Path) -> None:
    command, message = COMMANDS[name]
    with served() as url:
        path = settings(tmp_path, realtime_urls=[url], auth={"kind": "command", "command": command})
        run = roomcheck("check", "--target", "it", "--settings", str(path))
    assert (run.returncode, run.stderr) == (2, f"roomcheck: auth.command: {message}\n")


def test_fixed_tokens_by_role(tmp_path: Path) -> None:
    import time

    import jwt

    def token(user: str, role: str) -> str:
        return jwt.encode({"identity": {"userId": user, "role": role}, "exp": time.time() + 600}, KEY)

    tokens = {"citizen": token("cit", "CITIZEN"), "ADMIN": token("adm", "ADMIN")}
    with served("--jwt-key", KEY) as url:
        path = settings(tmp_path, realtime_urls=[url], auth={"kind": "token", "tokens": tokens})
        report = tmp_path / "report.json"
        run = roomcheck("check", "--target", "it", "--settings", str(path), "--report", f"json={report}")
    made_report = json.loads(report.read_text())
    assert run.returncode == 0, run.stdout + run.stderr
    assert {v["outcome"] for v in made_report["verdicts"]} <= {"pass", "skip", "inconclusive"}
    assert not any(value in run.stdout + report.read_text() for value in tokens.values())


def test_a_deadline_of_its_own_for_one_event(tmp_path: Path) -> None:
    with served("--lie", "messages-are-late") as url:
        for seconds, code in ((1, 1), (30, 0)):
            path = settings(tmp_path, realtime_urls=[url], timeouts={"events": {"message:broadcast": seconds}})
            run = roomcheck("check", "--target", "it", "--settings", str(path), "--select", "delivered-within-deadline",
                            "--select", "message:broadcast")  # fmt: skip
            assert run.returncode == code, run.stdout


def test_a_namespace_of_its_own_is_watched_for_refusals_and_goodbyes(tmp_path: Path) -> None:
    with served() as url:
        path = settings(tmp_path, realtime_urls=[url], namespace="/elsewhere", timeouts={"deadline_s": 1})
        run = roomcheck("check", "--target", "it", "--settings", str(path), "--select", "socket-connects")
    assert run.returncode == 4
    assert "the service refused the connection: Unable to connect" in run.stdout
