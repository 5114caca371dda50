"""The command line as its users see it."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from conformance.judge.rule import rules
from conformance.model.exit_code import Exit, exit_of
from conformance.model.verdict import Outcome, Verdict, verified_percent
from conformance.plan.alternative_names import alternatives
from conformance.reference.lie import lies
from contracts.load import load
from tests.running import KEY, roomcheck, served


def verdict(outcome: Outcome) -> Verdict:
    return Verdict(
        rule="r", subject=outcome.value, transport="websocket", outcome=outcome, message="", clause="", source=""
    )


PASS, FAIL, WARNING, ERROR = (verdict(o) for o in (Outcome.PASS, Outcome.FAIL, Outcome.WARNING, Outcome.ERROR))
SKIP = verdict(Outcome.SKIP)


@pytest.mark.parametrize(
    ("verdicts", "options", "code"),
    [
        ([PASS], {}, Exit.HOLDS),
        ([PASS], {"doubt": "little was seen"}, Exit.CANNOT_TELL),
        ([PASS, FAIL], {"doubt": "little was seen"}, Exit.BROKEN),
        ([PASS, ERROR], {"doubt": "little was seen"}, Exit.OUR_ERROR),
        ([PASS, FAIL], {}, Exit.BROKEN),
        ([PASS, FAIL, ERROR], {}, Exit.BROKEN),
        ([PASS, ERROR], {}, Exit.OUR_ERROR),
        ([PASS, WARNING], {}, Exit.HOLDS),
        ([PASS, WARNING], {"fail_on_warning": True}, Exit.BROKEN),
        ([PASS], {"lost": True}, Exit.UNREACHABLE),
    ],
)
def test_exit_codes(verdicts: list[Verdict], options: dict[str, object], code: Exit) -> None:
    assert exit_of(verdicts, **options) is code  # type: ignore[arg-type]


def test_nothing_is_nought_percent() -> None:
    assert verified_percent([], []) == 0
    assert verified_percent([SKIP], []) == 0


def test_alternatives_cover_separators_case_and_words() -> None:
    names = alternatives(load("sos"), "sos:room:join")
    assert {"sos-room-join", "sos_room_join", "sosRoomJoin", "room:join", "SOS:ROOM:JOIN", "sos:room:enter"} <= set(
        names
    )
    assert "sos:init" not in names


def test_an_ignored_request_is_told_with_the_name_that_works(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    with served("--lie", "join-has-another-name", "--jwt-key", KEY) as url:
        words = ("check", url, "--jwt-key", KEY, "--report", f"json={report}", "--select", "request-has-its-effect")
        run = roomcheck(*words)
    found = [v for v in json.loads(report.read_text())["verdicts"] if v["outcome"] == "fail"]
    effect = next(v for v in found if v["rule"] == "request-has-its-effect")
    assert effect["subject"] == "sos:room:join"
    assert effect["hint"] == "the service uses the name 'room:join'"
    assert "hint      the service uses the name 'room:join'" in run.stdout
    assert run.returncode == 1


@pytest.fixture(scope="module")
def broken_run() -> dict[str, str]:
    """The output of a check of a renamed event, in several terminals; and with everything in it."""
    with served("--lie", "typing-by-another-word", "--jwt-key", KEY) as url:
        words = ("check", url, "--select", "broadcast-*", "--select", "message:typing:start")
        secret = {"ROOMCHECK_JWT_KEY": KEY}
        terminals = {
            "80": {"COLUMNS": "80"},
            "200": {"COLUMNS": "200"},
            "colour": {"FORCE_COLOR": "1"},
            "no colour": {"NO_COLOR": "1", "FORCE_COLOR": "1"},
        }
        # Each of them waits for what the lie withholds; together they wait once.
        with ThreadPoolExecutor() as pool:
            runs = {name: pool.submit(roomcheck, *words, env=secret | more) for name, more in terminals.items()}
        return {name: run.result().stdout for name, run in runs.items()} | {"url": url}


def test_a_failure_tells_clause_expected_got_evidence_and_how_to_run_it_again(broken_run: dict[str, str]) -> None:
    text = broken_run["200"]
    assert "FAIL  broadcast-keeps-its-name  message:typing:start  (websocket, act chorus)" in text
    assert "clause    Broadcasts are sent under the names that the contract gives them." in text
    assert "expected  the name 'message:typing:start'" in text
    assert "renamed from 'message:typing:start' to 'message:typing:broadcast'" in text
    assert "ann   -> message:typing:start {" in text
    assert "bob   <- message:typing:broadcast {" in text
    again = f'again     roomcheck check {broken_run["url"]} --jwt-key "$ROOMCHECK_JWT_KEY" --select broadcast-keeps'
    assert again in text


def test_lines_fit_the_terminal_and_carry_no_blanks_at_their_ends(broken_run: dict[str, str]) -> None:
    for columns in (80, 200):
        lines = broken_run[str(columns)].splitlines()
        assert max(map(len, lines)) <= columns
        facts = [line for line in lines if line.startswith("  ") and not line.startswith("   ")]
        assert facts
        assert all(line == line.rstrip() for line in facts)


def test_colour_only_where_it_is_wanted(broken_run: dict[str, str]) -> None:
    assert "\x1b[" in broken_run["colour"]
    assert "\x1b[" not in broken_run["80"]
    assert "\x1b[3" not in broken_run["no colour"]


def test_a_selection_judges_that_alone_and_plays_only_what_it_needs(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    run = roomcheck("check", "--select", "order-is-kept", "--select", "message:broadcast", "--report", f"json={report}")
    found = json.loads(report.read_text())
    assert [(v["rule"], v["subject"], v["outcome"]) for v in found["verdicts"]] == [
        ("order-is-kept", "message:broadcast", "pass")
    ]
    assert found["not_exercised"] == []
    assert " 2 acts," in run.stdout, "the act of the rule, after the one that shows whether the service listens"
    assert run.returncode == 0


def test_ignoring_leaves_the_rest(tmp_path: Path) -> None:
    listed = roomcheck("check", "--list", "--ignore", "junk-*", "--ignore", "message:*", "--ignore", "junk: *").stdout
    assert "junk" not in listed
    assert "message:" not in listed
    assert "  location:broadcast" in listed
    assert {rule.id for rule in rules() if "junk" not in rule.id} >= {
        line for line in listed.splitlines() if not line.startswith(" ")
    }


def test_a_warning_turns_red_only_when_asked_to() -> None:
    with served("--lie", "join-is-announced", "--jwt-key", KEY) as url:
        words = ("check", url, "--jwt-key", KEY, "--select", "no-undocumented-event")
        told = roomcheck(*words)
        red = roomcheck(*words, "--fail-on", "warning")
    assert told.returncode == 0
    assert red.returncode == 1
    assert "WARNING  no-undocumented-event  sos:room:joined" in told.stdout
    assert 'contract to begin with: {"event": "sos:room:joined"' in told.stdout


def test_too_little_verified_is_no_success() -> None:
    with served() as url:
        words = ("check", url, "--select", "bad-token-*", "--select", "socket-connects", "--ignore", "connection")
        run = roomcheck(*words)
    assert "token: missing: no valid token was given" in run.stdout
    assert run.returncode == 4


def test_quiet_says_nothing_where_all_holds() -> None:
    run = roomcheck("check", "--quiet", "--select", "order-is-kept")
    assert (run.stdout, run.stderr, run.returncode) == ("", "", 0)


def test_a_seed_chooses_the_values(tmp_path: Path) -> None:
    def coordinates(seed: str) -> list[object]:
        path = tmp_path / f"{seed}.ndjson"
        roomcheck("check", "--select", "broadcast-arrives", "--seed", seed, "--journal", str(path))
        entries = [
            e
            for line in path.read_text().splitlines()
            for e in json.loads(line).get("transcript", {}).get("entries", [])
        ]
        return [e["args"][0]["latitude"] for e in entries if e["kind"] == "sent" and e["event"] == "location:update"]

    assert coordinates("1") == coordinates("1")
    assert coordinates("1") != coordinates("2")


@pytest.mark.parametrize("words", [(), ("check",), ("serve",), ("rules",), ("contracts",), ("judge",), ("selftest",)])
def test_help_tells_what_there_is(words: tuple[str, ...]) -> None:
    run = roomcheck(*words, "--help")
    assert run.returncode == 0
    assert "Usage: " in run.stdout
    if not words:
        assert "Exit codes: 0 holds, 1 broken" in run.stdout


def test_every_rule_is_listed_and_explained() -> None:
    listed = roomcheck("rules", "list").stdout
    for rule in rules():
        assert f"{rule.id} " in listed
    text = roomcheck("rules", "explain", "order-is-kept").stdout
    assert "Clause: Order is kept" in text
    assert "Speaks on:" in text


def test_serve_names_its_lies() -> None:
    listed = roomcheck("serve", "--lie", "list").stdout
    assert [line.split()[0] for line in listed.splitlines()] == list(lies())


@pytest.mark.long  # Two lies are told alone by the recipes of CONTRIBUTING.md.
def test_one_lie_can_be_told_alone() -> None:
    run = roomcheck("selftest", "--lie", "time-in-seconds")
    assert "clock-fields-tell-now" in run.stdout
    assert f"1 lie, {len(rules())} rules, 0 faults" in run.stdout
    assert run.returncode == 0


@pytest.mark.parametrize(
    "words",
    [
        ("check", "http://127.0.0.1:1", "--contracts", ""),
        ("check", "http://127.0.0.1:1", "--jwt-key", " "),
        ("check", "http://127.0.0.1:1", "--token", ""),
        ("judge", "journal", "--contracts", ""),
        ("load", "http://127.0.0.1:1", "--contracts", ""),
        ("serve", "--jwt-key", ""),
        ("record", "http://127.0.0.1:1", "--contracts", ""),
        ("fuzz", "http://127.0.0.1:1", "--contracts", ""),
        ("contracts", "export", "typescript", "--contracts", ""),
    ],
)
def test_an_option_without_a_value_is_not_taken_for_its_default(words: tuple[str, ...]) -> None:
    """A variable of the shell that is not set would have another service, or other contracts, judged."""
    run = roomcheck(*words)
    assert run.returncode == 2
    assert "expected a value, got an empty text; leave the option out for its default" in " ".join(run.stderr.split())
