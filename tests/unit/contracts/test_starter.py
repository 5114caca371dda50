"""A first bundle: whatever is asked for validates, in JSON and in YAML, under names that every file system takes."""

import itertools
from pathlib import Path
from typing import Literal

import pytest

from contracts.document_text import parse
from contracts.load import load
from contracts.model import Bundle
from contracts.schema import Schema
from contracts.starter import Draft, documents, file_names, like, text_of

ODD = ("../../etc/passwd", "a/b", "..", ".", "", " ", "сообщение", "你好", "chat message", "CON", "nul", "a" * 300, "on", "no",
       "0o17", "1e3", "true", "~", "a: b", "# c", "- d", "'e'", '"f"', "{g}", "h\\i", "📣", "Chat Message", "2026-11-28",
       "<<", "*x", "&y", "!z", "%t", "@u", "`v`", "[w]", "x\u00a0y", "x\u2028y")  # fmt: skip


def written(draft: Draft, folder: Path, form: str) -> Bundle:
    (folder / "events").mkdir(parents=True)
    for name, document in documents(draft).items():
        text = text_of(name, document, "yaml" if form == "yaml" else "json", schema=True)
        (folder / f"{name}.{form}").write_text(text, "utf-8")
    return load(str(folder))


WAYS = [
    (room, bare, acks, errors, form)
    for room, bare, acks, errors in itertools.product(
        (None, "room:{room}"), (False, True), (False, True), (None, "oops")
    )
    for form in (("json", "yaml") if acks == bare else ("json",))
]


@pytest.mark.parametrize(("room", "bare", "acks", "errors", "form"), WAYS)
def test_whatever_is_asked_for_validates(
    room: str | None, bare: bool, acks: bool, errors: str | None, form: str, tmp_path: Path
) -> None:
    draft = Draft(
        name="it", room=room, enter="join" if room else None, leave="leave" if room else None, bare=bare, acks=acks, ack={"ok": True} if errors else None, numbers=bool(errors),
        events=(("say", "said"), ("both", "both")), requests=("who",), broadcasts=("tick",), errors=errors,
    )  # fmt: skip
    bundle = written(draft, tmp_path / "it", form)
    assert set(bundle.events) == set(draft.names())
    both = bundle.events["both"]
    assert both.request is not None
    assert both.broadcast is not None
    assert both.request.broadcasts == ("both",)
    assert both.broadcast.receivers == ("room" if room else "everyone")
    join = bundle.request("join")
    assert (join.membership if join else None) == ("enter" if room else None)
    who = bundle.request("who")
    assert who is not None
    assert who.reply is not None
    assert who.reply.ack
    assert who.reply.payload.is_valid({"ok": True})
    assert who.reply.payload.is_valid({"ok": False}) is not bool(errors)
    assert room is None or bundle.room.has_numbers is bool(errors)
    said = bundle.broadcast("said")
    assert said is not None
    assert said.echoes == ("text",)
    assert bundle.errors == errors


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_fields_receivers_path_and_namespace_are_those_that_were_asked_for(form: str, tmp_path: Path) -> None:
    draft = Draft(
        name="it", path="/live/", namespace="/chat", room="{board}", events=(("move", "moved"),),
        receivers="room-but-sender", fields=(("x", "number"), ("tags", "array")),
    )  # fmt: skip
    bundle = written(draft, tmp_path / "it", form)
    assert (bundle.path, bundle.namespace, bundle.room.template) == ("/live/", "/chat", "{board}")
    moved = bundle.broadcast("moved")
    assert moved is not None
    assert moved.receivers == "room-but-sender"
    assert moved.payload.properties()["x"] == {"type": "number"}
    assert set(moved.payload.properties()) == {"board", "x", "tags"}


LIKE = [
    ({"ok": True}, {"ok": True, "more": 1}, {"ok": False}),
    ({"status": "ok"}, {"status": "ok"}, {"status": "error"}),
    ({"id": 7}, {"id": 8}, {"id": "8"}),
    ({"at": 1.5}, {"at": 2}, {"at": None}),
    ({"list": [1], "more": {"ok": True}}, {"list": [], "more": {"ok": True}}, {"list": [], "more": {}}),
    ("ok", "ok", "no"),
    ([1], [], {}),
]


@pytest.mark.parametrize(("example", "same", "other"), LIKE)
def test_what_is_like_an_example_keeps_its_schema(example: object, same: object, other: object) -> None:
    schema = Schema(like(example))
    assert [schema.is_valid(one) for one in (example, same, other)] == [True, True, False]
    assert like({}) == like(None) == {}


def test_files_of_odd_names_are_in_the_folder_and_apart() -> None:
    names = file_names(list(ODD))
    assert len(set(names.values())) == len(ODD)
    for stem in names.values():
        assert stem.isascii()
        assert stem == stem.lower()
        assert set(stem) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
        assert 0 < len(stem) < 70
        assert stem not in ("con", "nul")
    assert names["chat message"] != names["Chat Message"]


@pytest.mark.parametrize("name", ODD)
def test_odd_texts_come_out_of_yaml_as_they_went_in(name: str) -> None:
    document = {"event": name, "inside": {name: [name, True, 1, None], "empty": {}}, "list": []}
    assert parse(Path("x.yaml"), text_of("events/x", document, "yaml", schema=True)) == document
    assert parse(Path("x.json"), text_of("events/x", document, "json", schema=False)) == document


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_what_a_reader_does_not_see_is_escaped(form: Literal["json", "yaml"]) -> None:
    document = {"event": "a\u202eb\u2066", "summary": "\u200f\u2028"}
    text = text_of("events/a", document, form, schema=False)
    assert all(one.isprintable() or one == "\n" for one in text)
    assert parse(Path(f"a.{form}"), text) == document
