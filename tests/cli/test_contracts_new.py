"""`contracts new` and `contracts schema`: by flags and by asking; nothing is overwritten."""

import json
import os
import pty
import re
import shlex
import subprocess
import sys
from pathlib import Path

from tests.running import HANG_S, ROOT, clean_environment, roomcheck


def test_flags_make_a_bundle_and_say_what_is_next(tmp_path: Path) -> None:
    run = roomcheck(
        "contracts", "new", "chat", "--room", "room:{room}", "--enter", "join", "--leave", "leave", "--event",
        "say=said", "--event", "../up/ты", "--request", "who", "--errors", "problem", "--ack", "{}", "--format", "yaml",
        cwd=tmp_path,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    first, second = re.findall(r"roomcheck (contracts validate .*|check .*)", run.stdout)
    assert second == "check http://127.0.0.1:3000 --contracts chat"
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")) == [
        "chat/bundle.yaml", "chat/events/join.yaml", "chat/events/leave.yaml", "chat/events/problem.yaml",
        "chat/events/said.yaml", "chat/events/say.yaml", "chat/events/up.yaml", "chat/events/who.yaml",
        "chat/schema/bundle.schema.json", "chat/schema/event.schema.json", "chat/schema/http.schema.json",
        "chat/schema/triggers.schema.json",
    ]  # fmt: skip
    validated = roomcheck(*first.split(), cwd=tmp_path)
    assert (validated.returncode, validated.stdout) == (
        0,
        "chat/bundle.yaml: 7 events and 0 HTTP calls, all in order\n",
    )
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*")}
    for form in ("json", "yaml"):
        again = roomcheck("contracts", "new", "chat", "--event", "say", "--format", form, cwd=tmp_path)
        assert again.returncode == 2
        assert "chat/bundle.yaml is there already, and nothing is overwritten" in again.stderr
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*.*")}


def test_without_a_terminal_nothing_is_asked(tmp_path: Path) -> None:
    run = roomcheck("contracts", "new", "chat", cwd=tmp_path)
    assert (run.returncode, list(tmp_path.iterdir())) == (2, [])
    assert run.stderr.startswith("roomcheck: --event: which events do clients emit?")


def test_the_commands_that_are_next_can_be_pasted(tmp_path: Path) -> None:
    for folder in ("sos", "two words", "-"):
        run = roomcheck("contracts", "new", "--event", "say", "--no-schema", "--", folder, cwd=tmp_path)
        assert run.returncode == 0, run.stderr
        (command,) = re.findall(r"next: roomcheck (.*)", run.stdout)
        validated = roomcheck(*shlex.split(command), cwd=tmp_path)
        assert validated.stdout == f"{folder}/bundle.json: 1 event and 0 HTTP calls, all in order\n"
    listed = roomcheck("contracts", "list", "./sos", cwd=tmp_path)
    assert "say" in listed.stdout


def test_rooms_that_no_request_enters_are_pointed_out(tmp_path: Path) -> None:
    for folder, flags, noted in (("shut", (), True), ("open", ("--enter", "join"), False)):
        run = roomcheck(
            "contracts", "new", folder, "--room", "r:{room}", "--event", "say", "--no-schema", *flags, cwd=tmp_path
        )
        assert run.returncode == 0, run.stderr
        assert ("note: no request enters a room" in run.stdout) is noted


def test_what_is_in_the_way_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "chat" / "events").mkdir(parents=True)
    (tmp_path / "chat" / "events" / "say.yml").write_text("mine")
    for folder, message in [
        ("file", "file: is no folder"),
        ("chat", "chat/events/say.yml is there already, and nothing is overwritten"),
        ("file/inside", "cannot be written"),
    ]:
        run = roomcheck("contracts", "new", folder, "--event", "say", cwd=tmp_path)
        assert run.returncode == 2
        assert message in run.stderr
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["chat", "events", "file", "say.yml"]


def asked(folder: Path, typed: str) -> "subprocess.CompletedProcess[str]":
    """`contracts new` on a terminal on which something was typed."""
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "cli", "contracts", "new", str(folder / "chat")]
    environment = clean_environment() | {"PYTHONPATH": str(ROOT)}
    os.write(ours, typed.encode())
    try:
        return subprocess.run(
            words,
            stdin=theirs,
            capture_output=True,
            text=True,
            cwd=folder,
            env=environment,
            timeout=HANG_S,
            check=False,
        )
    finally:
        os.close(ours)
        os.close(theirs)


def test_on_a_terminal_it_asks(tmp_path: Path) -> None:
    answers = ["", "/chat", "room:{room}", "join", "y", "", "say", "said", "who", " ", "", "n", '{"ok": true}']
    run = asked(tmp_path, "".join(f"{answer}\n" for answer in answers))
    assert run.returncode == 0, run.stderr
    head = json.loads((tmp_path / "chat" / "bundle.json").read_text())
    assert (head["path"], head["namespace"], head["room"]["template"]) == ("/socket.io/", "/chat", "room:{room}")
    assert sorted(path.stem for path in (tmp_path / "chat" / "events").iterdir()) == ["join", "said", "say", "who"]
    join = json.loads((tmp_path / "chat" / "events" / "join.json").read_text())["client_to_server"]
    assert join["payload"]["properties"] == {"room": {"type": "integer"}}
    assert join["reply"]["payload"]["properties"] == {"ok": {"const": True}}


def test_a_question_without_an_answer_ends_it_as_an_interrupt(tmp_path: Path) -> None:
    run = asked(tmp_path, "/live/\n\x04")
    assert (run.returncode, list(tmp_path.iterdir())) == (130, [])
    assert "roomcheck: interrupted" in run.stderr


def test_schemas_are_printed_and_written(tmp_path: Path) -> None:
    printed = roomcheck("contracts", "schema", "event")
    assert json.loads(printed.stdout)["title"] == "Roomcheck: events/*.json"
    assert roomcheck("contracts", "schema", "--out", "schemas", cwd=tmp_path).returncode == 0
    files = {path.name: path.read_text() for path in (tmp_path / "schemas").iterdir()}
    assert set(files) == {f"{kind}.schema.json" for kind in ("bundle", "event", "http", "triggers")}
    assert files["event.schema.json"] == printed.stdout
    assert "triggers/*.json" in roomcheck("contracts", "schema").stdout
    wrong = roomcheck("contracts", "schema", "evnt")
    assert (wrong.returncode, wrong.stderr) == (2, "roomcheck: no contract file is a 'evnt'; did you mean 'event'?\n")
