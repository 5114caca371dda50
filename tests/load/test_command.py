"""`roomcheck load`: the embedded service by default, Locust's options passed on, every code and message as told."""

import ast
import importlib.util
import re
from pathlib import Path

import pytest

from conformance.journal.records import read
from conformance.support.errors import UsageError
from loadtests.run import program
from loadtests.run.program import USUAL, LoadOptions, _peeked, arguments
from loadtests.scenarios import found
from loadtests.workload.options import COMMON
from tests.running import ROOT, load_held, roomcheck, served, settings

UNMARKED = str(ROOT / "tests" / "load" / "doorbell" / "contracts")
"""Contracts whose broadcasts echo nothing that has room for a mark."""


def test_with_no_target_the_embedded_service_is_loaded(tmp_path: Path) -> None:
    journal = tmp_path / "load.ndjson"
    run = roomcheck("load", "-t", "4s", "--room-size", "5", "--journal", str(journal))
    assert "interrupted" not in run.stderr  # By which the embedded service ends, when the run is over.
    assert load_held(run), run.stderr + run.stdout
    footer = read(journal).footer
    assert footer is not None
    assert footer.took_s >= 4, "what was imported before is not taken off the run's time"
    for title in ("Ledger", "Times in ms", "Generator", "published", "delivery", "schedule_lag"):
        assert title in run.stdout
    assert max(map(len, run.stdout.splitlines())) <= 100
    # Nothing but what was asked for is on the standard output.
    assert "locust" not in run.stdout


def test_a_gate_that_breaks_ends_with_1_and_one_that_asks_for_it_ends_the_run() -> None:
    with served("--lie", "delivered-twice") as url:
        run = roomcheck("load", url, "-t", "50s", "--scenario", "Chat", "--gate", "duplicate==0; abort; delay 1s")
    assert run.returncode == 1, run.stderr
    assert "roomcheck: ended by a gate: duplicate==0: broken (" in run.stderr
    assert "first duplicate: user " in run.stdout
    assert "got more than once message:broadcast (publication " in " ".join(run.stdout.split())
    assert re.search(r"^broken: \d+ ", run.stdout, re.MULTILINE)


def test_gates_of_the_settings_are_kept_and_what_is_no_gate_is_refused(tmp_path) -> None:
    with served() as url:
        path = settings(tmp_path, realtime_urls=[url], gates=["delivery: p(99)<0.001"])
        run = roomcheck("load", "--target", "it", "--settings", str(path), "-t", "3s", "--chat-rate", "9", "Chat")
        assert run.returncode == 1, run.stderr
        assert "broken: delivery: p(99)<0.001" in run.stdout
        path = settings(tmp_path, realtime_urls=[url], gates=["delivery<1"])
        run = roomcheck("load", "--target", "it", "--settings", str(path), "-t", "3s")
    assert run.returncode == 2
    assert "targets.it.gates: 'delivery<1': delivery is a trend" in run.stderr


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("http://127.0.0.1:1", "-t", "30s"), 3, "unreachable: none of "),
        (("http://127.0.0.1:1", "-t", "3s"), 3, "succeeded (the connection was refused)"),
        (("http://nowhere.invalid:1", "-t", "30s"), 3, "(the name of the host is not known"),
        (("--gate", "lost"), 2, "roomcheck load: error: argument --gate: expected a metric"),
        (("--users",), 2, "expected one argument"),
        (("http://a", "http://b"), 2, "URL: one service can be loaded at a time"),
        (("ftp://a",), 2, "expected an address such as http://127.0.0.1:4001, got 'ftp://a'"),
        (("--host", "nowhere", "-t", "1s"), 2, "expected an address such as http://127.0.0.1:4001"),
        (("--nonsense", "3"), 2, "unrecognized arguments: --nonsense"),
        (("--contracts", "nothing"), 2, "no contracts here"),
        (
            ("http://127.0.0.1:1", "--contracts", UNMARKED, "-t", "3s"),
            3,
            "bell:ring: no field that its broadcast echoes",
        ),
        (
            ("--contracts", "example", "--scenario", "Incident"),
            2,
            "it plays the life of an SOS, and the contracts have",
        ),
        (("--room-size", "none"), 2, "expected sizes such as 50, 2-20 or 5:80,50:15,1000:5"),
        (("--chat-rate", "0"), 2, "argument --chat-rate: expected a number above 0, got '0'"),
        (("--knee-gate", "x<1"), 2, "argument --knee-gate: 'x<1': nothing called 'x' is measured"),
        (("--scenario", "Chit"), 2, "invalid choice"),
        (("--mix", "Chit=1", "-t", "3s"), 2, "argument --mix: expected weights of Chat, Churn"),
        (("--target", "it", "--settings", "/nowhere.toml"), 2, "/nowhere.toml"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_message(words: tuple[str, ...], code: int, says: str) -> None:
    run = roomcheck("load", *words)
    assert run.returncode == code, run.stdout + run.stderr
    assert says in run.stdout + run.stderr
    assert "Traceback" not in run.stdout + run.stderr


def test_a_command_that_prints_no_token_is_said_before_anything_is_loaded(tmp_path) -> None:
    (tmp_path / "roomcheck.toml").write_text(
        '[targets.it]\nrealtime_urls = ["http://127.0.0.1:1"]\nauth = {kind = "command", command = ["false"]}\n'
    )
    run = roomcheck("load", "--target", "it", "--settings", str(tmp_path / "roomcheck.toml"))
    assert run.returncode == 2
    assert "roomcheck: auth.command: 'false' ended with 1 and printed no token" in run.stderr


@pytest.mark.parametrize("word", ["--help", "-h"])
def test_the_help_is_one_screen_of_what_a_first_run_needs(word: str) -> None:
    run = roomcheck("load", word)
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert 24 <= len(lines) <= 40
    assert max(map(len, lines)) <= 80
    defaults = {name: str(default) for name, default in _defaults().items()} | USUAL
    shown = dict(re.findall(r"^  --?([\w-]+) .*\[([\w ]+)\]$", run.stdout, re.MULTILINE))
    assert shown == {
        "sockets-per-user": defaults["sockets_per_user"], "t": defaults["run_time"], "u": defaults["users"],
        "room-size": defaults["room_size"], "r": "all of them",
    }  # fmt: skip
    assert set(found()) <= set(re.findall(r"\w+", run.stdout))
    assert "--dry-run" in run.stdout
    assert "--help-all" in run.stdout
    assert not run.stderr


def test_every_option_that_the_short_help_names_is_one() -> None:
    run, every = roomcheck("load", "--help"), roomcheck("load", "--help-all")
    named = set(re.findall(r"--[a-z][\w-]+", run.stdout)) - {"--help-all"}
    ours = {option for option in named if f"  {option} " in every.stdout or f"  {option}\n" in every.stdout}
    # The rest is Locust's, or told in the introduction.
    assert named - ours == {"--token", "--jwt-key", "--processes", "--autostart"}


def _defaults() -> dict[str, object]:
    return {option.key: option.default for option in COMMON}


def test_the_whole_help_has_every_option_of_ours_with_its_default() -> None:
    run = roomcheck("load", "--help-all")
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("roomcheck load [URL] [SCENARIO ...] [OPTIONS]")
    for option in ("--scenario", "--room-size", "--gate", "--knee-factor", "--drop-percent", "--mix", "--storm-rate"):
        assert f"  {option} " in run.stdout
    assert "Default: 1.5." in run.stdout
    assert not run.stderr


def test_load_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"pip install 'roomcheck\[load\]'"):
        program.load(LoadOptions())


@pytest.mark.parametrize(
    ("words", "made"),
    [
        ((), ("--users", "10", "--run-time", "20s", "--sockets-per-user", "10", "--spawn-rate", "10")),
        (("-u4", "-t", "1m", "-r", "2"), ("-u4", "-t", "1m", "-r", "2", "--sockets-per-user", "10")),
        (("--worker",), ("--worker",)),
    ],
)
def test_what_is_not_said_is_the_usual(words: tuple[str, ...], made: tuple[str, ...]) -> None:
    given, _ = _peeked(words)
    quiet = () if "--worker" in words else ("--only-summary", "--live", "--headless")
    assert tuple(arguments(words, given)) == (*made, *quiet)
    given, _ = _peeked(("--web-port", "1"))
    assert "--headless" not in arguments((), given)


def test_what_ends_before_a_run_is_a_slip_whatever_the_environment_says() -> None:
    run = roomcheck("load", "http://127.0.0.1:1", "Nobody", env={"ROOMCHECK_BEGUN": "1"})
    assert run.returncode == 2, run.stderr
    assert "Unknown User(s): Nobody" in run.stderr


def test_no_scenario_can_take_a_name_that_the_locustfile_uses_itself() -> None:
    tree = ast.parse(program.LOCUSTFILE.read_text("utf-8"))
    bound = {one.asname or one.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom | ast.Import)
             for one in node.names}  # fmt: skip
    bound |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    defined = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    bound |= {node.name for node in ast.walk(tree) if isinstance(node, defined)}
    assert bound >= {"hooks"}
    # The name of a scenario begins with a capital.
    assert {name for name in bound if not name[0].islower()} == set()
    assert all(name[0].isupper() for name in found())
