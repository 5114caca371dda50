"""What the settings say of a target a load takes as a check does: deadlines, known failures, tokens, secrets."""

import contextlib
import re
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from conformance.journal.records import read
from conformance.model.verdict import Outcome
from tests.load.test_truth import crooked
from tests.running import KEY, roomcheck, settings

SMALL = ("-t", "4s", "-u", "2", "-r", "2", "--sockets-per-user", "4", "--room-size", "4", "Chat", "--chat-rate", "4")


def load(path: Path, *words: str) -> tuple[int, str]:
    run = roomcheck("load", "--settings", str(path), "--target", "it", *SMALL, *words)
    return run.returncode, run.stdout + run.stderr


def test_no_token_stands_in_what_a_run_says_or_leaves_behind(tmp_path: Path) -> None:
    journal = tmp_path / "load.ndjson"
    with crooked("--tell-tokens", "--duplicate-every", "3") as url:
        path = settings(tmp_path, realtime_urls=[url], auth={"kind": "jwt", "key": KEY})
        code, said = load(path, "--journal", str(journal))
    assert code == 1, said
    written = journal.read_text()
    assert "(secret)" in read(journal).witnesses[0].frame
    assert '"token":"(secret)"' in written
    for text in (said, written):
        assert "eyJ" not in text
        assert KEY not in text


def test_a_known_failure_breaks_nothing_and_the_journal_says_so_again(tmp_path: Path) -> None:
    journal = tmp_path / "load.ndjson"
    known = {"none-duplicate": "Chat", "delivered-exactly-once": "message:broadcast"}
    entry = '[[known]]\nrule = "{}"\nsubject = "{}"\nreason = "retries"\nowner = "realtime"\n'
    (tmp_path / "known.toml").write_text("".join(entry.format(*one) for one in known.items()))
    with crooked("--duplicate-every", "3") as url:
        path = settings(
            tmp_path, realtime_urls=[url], known_failures="known.toml", timeouts={"events": {"message:broadcast": 9}}
        )
        code, said = load(path, "--journal", str(journal))
    assert code in (0, 4), said
    assert code == 0 or "generator-limited" in said
    assert "first duplicate: user " in said
    made = read(journal)
    assert made.header.equipment.deadlines_ms == {"message:broadcast": 9000}
    (told,) = (one.outcome for one in made.verdicts if one.rule == "none-duplicate")
    assert told is Outcome.KNOWN or (code == 4 and told is Outcome.INCONCLUSIVE)
    assert [one.reason for one in made.header.known] == ["retries"] * 2
    judged = roomcheck("judge", str(journal))
    assert judged.returncode == code, judged.stdout


@contextlib.contextmanager
def silent() -> Iterator[str]:
    """An address at which connections are taken and nothing is ever answered."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_a_connection_and_a_call_may_take_as_long_as_the_target_says(tmp_path: Path) -> None:
    """Each run ends when it has seen what it is made for, however slow the machine is."""
    with silent() as nowhere, crooked() as url:
        path = settings(tmp_path, realtime_urls=[nowhere], timeouts={"connect_s": 0.75})
        code, said = load(path, "-t", "60s", "--gate", "unreached<1; abort")
        assert code in (1, 3, 4), said
        assert "no connection within 0.75 s" in said
        path = settings(tmp_path, realtime_urls=[url], api_url=nowhere, timeouts={"call_s": 0.5})
        code, said = load(path, "-t", "60s", "--lost-after", "1", "--gate", "unanswered<1; abort")
        assert code in (1, 4), said
        assert "no answer within 0.5 s" in said


def test_a_delivery_may_take_as_long_as_the_target_says(tmp_path: Path) -> None:
    journal = tmp_path / "load.ndjson"
    with crooked("--delay-ms", "2500") as url:
        for deadline_s, wanted in ((2, 1), (9, 0)):
            path = settings(tmp_path, realtime_urls=[url], timeouts={"events": {"message:broadcast": deadline_s}})
            code, said = load(path, "--journal", str(journal))
            assert code == wanted or (code == 4 and "generator-limited" in said), said
            assert bool(re.search(r"^ late +\d", said, re.MULTILINE)) == (code == 1), said
            assert roomcheck("judge", str(journal)).returncode == code


COMMAND = """
import sys
user = sys.argv[1]
print("" if user.endswith("-3") else f"token-of-{user}")
"""


def test_a_command_that_prints_nothing_for_a_user_lends_it_nobodys_token(tmp_path: Path) -> None:
    program = tmp_path / "print_token.py"
    program.write_text(COMMAND)
    with crooked() as url:
        auth = {"kind": "command", "command": [sys.executable, str(program), "{user_id}"]}
        path = settings(tmp_path, realtime_urls=[url], auth=auth)
        code, said = load(path)
    assert code == 2, said
    assert f"roomcheck: auth.command: {sys.executable!r} ended with 0 and printed no token" in said
    assert "Traceback" not in said


def test_the_contracts_of_the_target_are_those_that_are_loaded(tmp_path: Path) -> None:
    journal = tmp_path / "load.ndjson"
    with crooked() as url:
        path = settings(tmp_path, realtime_urls=[url], contracts="sos-built")
        load(path, "--journal", str(journal))
    assert read(journal).header.bundle_name == "sos-built"
