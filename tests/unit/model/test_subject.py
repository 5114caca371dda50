"""What a verdict is on is written and read in one place; the options of `check` all come where they belong."""

import ast
import inspect
from dataclasses import fields
from pathlib import Path

import pytest
import typer

import cli
from conformance.commands import check
from conformance.model.subject import Subject, reply_to
from conformance.model.transcript import Missed
from conformance.target.resolve import TargetOptions
from tests.running import ROOT


@pytest.mark.parametrize("subject", [Subject(name="who"), Subject(name="who", reply=True), Subject(name="(all)")])
def test_a_subject_is_read_as_it_is_written(subject: Subject) -> None:
    assert Subject.read(str(subject)) == subject


def test_the_text_of_a_subject_is_the_one_of_journals() -> None:
    assert reply_to("who") == "who (reply)"
    assert Subject.read("GET /x (reply)") == Subject(name="GET /x", reply=True)
    assert Subject.read("who(reply)") == Subject(name="who(reply)")


def test_no_other_file_knows_the_text_of_a_reply() -> None:
    folders = ("conformance", "reports", "loadtests")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py") if path.name != "subject.py"]
    texts = {path: text for path in files if "(reply)" in (text := path.read_text("utf-8"))}
    assert [path for path, text in texts.items() if any(map(_is_reply, ast.walk(ast.parse(text))))] == []


def _is_reply(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(" (reply)")


def test_what_could_not_connect_is_told_from_what_was_waited_for() -> None:
    assert Missed(at_s=1.0, actor="ann", what="could not connect: refused").is_connection
    assert not Missed(at_s=1.0, actor="ann", what="note:added of r1").is_connection


def test_every_option_of_check_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each option is given a value of its own, and has it in what is asked for."""
    seen: list[check.CheckOptions] = []
    monkeypatch.setattr(check, "listing", lambda ask: seen.append(ask) or [])
    given = {name: Path(name) if "Path" in str(one.annotation) else name
             for name, one in inspect.signature(cli.check).parameters.items()}  # fmt: skip
    with pytest.raises(typer.Exit):
        cli.check(**given)
    (ask,) = seen
    assert {one.name: getattr(ask.wish, one.name) for one in fields(TargetOptions)} == {
        one.name: given[one.name] for one in fields(TargetOptions)
    }
