"""What several parts of the contracts may be meant by is the first of them, in every run.

A set gives its texts in another order in each run of Python: of eight that fit, the first would be told in every eighth.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conformance.align import vocabulary
from conformance.align.gather import of_texts
from conformance.align.model import Claim
from contracts.load import load
from contracts.model import Bundle

SEVERAL = ("tone", "hue", "paint", "shade", "tint", "colour", "stain", "dye")
TONES = ("amber", "violet", "teal", "coral")


def event(name: str, fields: dict[str, Any]) -> dict[str, Any]:
    payload = {"type": "object", "required": ["room"], "properties": {"room": {"type": "string"}, **fields}}
    return {
        "event": name, "summary": name, "source": "the project",
        "client_to_server": {"payload": payload, "effect": {"other": "what the service decides"}},
    }  # fmt: skip


def call(path: str) -> dict[str, Any]:
    answer = {"status": [200], "payload": {"type": "object", "properties": {"ok": {"type": "boolean"}}}}
    return {
        "call": path.strip("/").replace("/", "-"), "source": "the project", "summary": path, "method": "GET",
        "path": path, "role": "health", "answer": answer,
    }  # fmt: skip


def bundle_of(folder: Path, events: list[dict[str, Any]], calls: list[dict[str, Any]]) -> Bundle:
    (folder / "events").mkdir()
    (folder / "http").mkdir()
    head = {
        "bundle": "lamps", "title": "Lamps", "version": "1.0", "summary": "Lamps.", "source": "the project",
        "path": "/socket.io/", "namespace": "/",
        "room": {"template": "room:{room}", "key": "room", "source": "the project"},
    }  # fmt: skip
    (folder / "bundle.json").write_text(json.dumps(head), "utf-8")
    for kind, documents in (("events", events), ("http", calls)):
        for at, document in enumerate(documents):
            (folder / kind / f"{at}.json").write_text(json.dumps(document), "utf-8")
    return load(str(folder))


def claims(bundle: Bundle, file: str, text: str) -> Iterator[Claim]:
    for read in of_texts(bundle, {file: text}).texts:
        yield from read.claims


@pytest.mark.parametrize("first", SEVERAL)
def test_an_enumeration_is_of_the_first_field_with_its_values(first: str, tmp_path: Path) -> None:
    fields = (first, *(one for one in SEVERAL if one != first))
    kind = {"type": "string", "enum": list(TONES)}
    bundle = bundle_of(tmp_path, [event("lamp:set", dict.fromkeys(fields, kind))], [])
    text = f"```ts\nenum Kinds {{ {', '.join(f'{one} = {one!r}' for one in TONES)} }}\n```\n"
    told = [one.payload.fields[0].name for one in claims(bundle, "guide.md", text) if one.payload]
    assert told == [first] * len(TONES)


@pytest.mark.parametrize("first", SEVERAL)
def test_the_end_of_several_paths_is_the_first_of_them(first: str, tmp_path: Path) -> None:
    paths = [f"/{one}/lamps" for one in (first, *(one for one in SEVERAL if one != first))]
    bundle = bundle_of(tmp_path, [event("lamp:set", {})], list(map(call, paths)))
    told = [one.subject for one in claims(bundle, "guide.md", "The app calls `GET /lamps`.\n") if one.kind == "call"]
    assert told == [f"GET /{first}/lamps"]


@pytest.mark.parametrize("first", SEVERAL)
def test_of_names_with_the_same_letters_the_first_of_the_alphabet_is_meant(first: str, tmp_path: Path) -> None:
    spelled = [f"{first}{sign}{end}" for end in ("set", "Set", "SET") for sign in (":", "-", "_")]
    kind = {"type": "string", "enum": spelled}
    words = vocabulary.of(bundle_of(tmp_path, [event(name, {"tone": kind}) for name in spelled], []))
    assert (words.nearest(f"{first}.set"), words.value_of(f"{first}.set")) == (f"{first}-SET", f"{first}-SET")


@pytest.mark.parametrize("order", [("room", "to"), ("to", "room")])
def test_the_rooms_of_an_emit_are_told_in_their_order(order: tuple[str, str], tmp_path: Path) -> None:
    bundle = bundle_of(tmp_path, [event("lamp:set", {})], [])
    given = ", ".join(f"{word}=f'{word}:{{room}}'" for word in order)
    found = claims(bundle, "service.py", f"sio.emit('lamp:set', data, {given})\n")
    assert [one.subject for one in found if one.kind == "room"] == [f"{word}:{{room}}" for word in order]
