"""Texts and schemas of any kind in every format: nothing in them becomes markup, and nothing is lost without a word."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from contracts.data_text import as_json, as_yaml
from contracts.document_text import parse
from contracts.exchange.asyncapi_import import imported
from contracts.exchange.formats import asyncapi, json_schema, markdown, openapi, typescript
from contracts.exchange.markdown_text import code, prose
from contracts.exchange.source import Exported, exported, hidden, shown_again
from contracts.exchange.typescript_types import comment
from contracts.faults import ContractError
from contracts.show import detail
from contracts.valid_values import valid_values
from tests.unit.contracts.bundles import by_name, documents
from tests.unit.contracts.test_generated_values import LEAVES, composed

FORMATS = (asyncapi, json_schema, typescript, markdown)
TEXTS = st.text(
    st.one_of(st.sampled_from("*/`|<>[]#:'\"\\${}&~-.!@\n\t\u2028\u202e\x00\x1b\x85é🚑no1 "), st.characters(codec="utf-8")),
    max_size=12,
)  # fmt: skip
NASTY = (
    "*/ alert(1) /*",
    "`x`|y",
    "<script>alert(1)</script>",
    "--- # no",
    "\u2028\u202e",
    "${x}",
    "{{x}}",
    "a\nb: c",
    "*/",
)
DATA = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 9), TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["$ref", "\\$ref", "\\\\$ref", "a", "on", "<<", "1"]), inner, max_size=3),
    ),
    max_leaves=8,
)


def bundle(folder: Path, payload: Any, *, name: str = "say", text: str = "s") -> Exported:
    """A bundle of one event that goes both ways."""
    head = {
        "bundle": "b",
        "title": text,
        "version": "1",
        "summary": text,
        "source": text,
        "path": "/x/",
        "namespace": "/",
    }
    valid = list(valid_values(payload, 2))
    examples = {"examples": {"valid": valid, "invalid": []}} if valid else {}
    sent = {"effect": {"broadcast": name}, "payload": payload, **examples}
    told = {"receivers": "everyone", "payload": payload, **examples}
    event = {"event": name, "summary": text, "source": text, "client_to_server": sent, "server_to_client": told}
    (folder / "events").mkdir(parents=True, exist_ok=True)
    (folder / "bundle.json").write_text(json.dumps(head))
    (folder / "events" / "a.json").write_text(json.dumps(event))
    return exported(str(folder))


@given(DATA)
def test_yaml_and_json_are_read_as_what_was_written(value: Any) -> None:
    document = {"a": value}
    assert parse(Path("a.json"), as_json(document)) == document
    text = as_yaml(document)
    assert all(one.isprintable() or one == "\n" for one in text + as_json(document))
    assert yaml.safe_load(text) == document  # YAML 1.1
    if "<<" not in json.dumps(value):  # No key of ours, and refused in contracts.
        assert parse(Path("a.yaml"), text) == document


@given(DATA)
def test_what_is_hidden_has_no_reference_and_comes_back(value: Any) -> None:
    kept = hidden(value)
    assert '"$ref"' not in json.dumps(kept)
    assert shown_again(kept) == value


@settings(max_examples=25)
@given(composed(LEAVES))
def test_a_bundle_of_any_schema_comes_back_from_asyncapi(
    tmp_path_factory: pytest.TempPathFactory, schema: dict[str, Any]
) -> None:
    folder = tmp_path_factory.mktemp("b")
    one = bundle(folder, {"type": "object", "properties": {"a": schema}, "description": "d"})
    file = folder / "a.yaml"
    file.write_text(as_yaml(asyncapi.made(one)))
    assert by_name(imported(file, "x").documents) == documents(one)


REFERRING = (
    {"$ref": "#/$defs/A", "$defs": {"A": {"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}}}},
    {"type": "object", "properties": {"a": {"$ref": "#"}}},
    {"$defs": {"A": {"type": "string"}, "unused": {}}, "$ref": "#/$defs/A", "description": "d", "allOf": [{"minLength": 1}]},
    {"type": "array", "prefixItems": [{"$ref": "#/items"}], "items": {"type": "string"}},
    {"properties": {"a/b~c": {"type": "string"}, "d": {"$ref": "#/properties/a~1b~0c"}}},
    {"type": "object", "dependentRequired": {"a": ["b"]}, "patternProperties": {"^x": {"binary": True, "maxBytes": 3}}},
    {"allOf": [{"$ref": "#/$defs/A"}, {"$ref": "#/$defs/A", "title": "t"}], "$defs": {"A": {"minProperties": 1}}},
    {"if": {"required": ["a"]}, "then": {"required": ["b"]}, "not": {"const": {"\\$ref": 1}}, "default": {"x": [1]}},
    {"type": "array", "items": False, "prefixItems": [{}], "maxItems": 1},
    {"type": "array", "maxItems": 0},
    {"binary": True, "title": "t", "description": "d", "minBytes": 1},
    {"type": ["string", "null"], "format": "uuid", "exclusiveMinimum": 0},
)  # fmt: skip


@pytest.mark.parametrize("schema", REFERRING)
def test_references_and_words_of_2020_come_back_from_asyncapi(schema: dict[str, Any], tmp_path: Path) -> None:
    one = bundle(tmp_path, schema)
    for text, name in ((as_yaml(asyncapi.made(one)), "a.yaml"), (as_json(asyncapi.made(one)), "a.json")):
        (tmp_path / name).write_text(text)
        assert by_name(imported(tmp_path / name, "x").documents) == documents(one)
    for module in FORMATS:
        assert module.made(one)


@pytest.mark.parametrize(
    ("schema", "line", "words"),
    [
        ({"properties": {"$ref": {"type": "string"}}}, "properties", "a field called `$ref`"),
        (
            {"patternProperties": {"__proto__": {}}},
            "patternProperties",
            "a field called `__proto__` breaks AsyncAPI's parser",
        ),
        (
            {"properties": {"hasOwnProperty": {}}},
            "properties",
            "a field called `hasOwnProperty` breaks AsyncAPI's parser",
        ),
        ({"enum": [{"$ref": "x"}, 1]}, "enum", "a value with the field `$ref`"),
        ({"const": [{"$ref": "x"}]}, "const", "a value with the field `$ref`"),
        ({"default": {"$ref": "x"}}, "default", "a value with the field `$ref`"),
    ],
)
def test_what_cannot_be_said_is_told_with_its_place(schema: Any, line: str, words: str, tmp_path: Path) -> None:
    one = bundle(tmp_path, schema)
    with pytest.raises(ContractError) as found:
        asyncapi.made(one)
    assert len(found.value.faults) == 2  # In either direction.
    assert all(words in fault.message and fault.file.name == "a.json" for fault in found.value.faults)


@pytest.mark.parametrize("text", NASTY)
def test_texts_of_contracts_are_no_markup_in_any_format(text: str, tmp_path: Path) -> None:
    field = {"type": "object", "properties": {text: {"type": "string", "description": text}, "b": {"enum": [text]}}}
    name = text if text.isprintable() else "say"
    one = bundle(tmp_path, field, name=name, text=text)
    (tmp_path / "a.yaml").write_text(as_yaml(asyncapi.made(one)))
    assert by_name(imported(tmp_path / "a.yaml", "x").documents) == documents(one)
    types = typescript.made(one)
    assert all(line.rstrip().endswith("*/") for line in types.splitlines() if "*/" in line)
    assert "\u2028" not in types + markdown.made(one)
    html = MarkdownIt("commonmark").enable("table").render(markdown.made(one))
    assert "<script" not in html
    assert len(markdown.made(one).splitlines()) > 10


@pytest.mark.parametrize("form", FORMATS)
def test_what_a_reader_does_not_see_is_escaped_in_every_format(form: Any, tmp_path: Path) -> None:
    text = "a\u202e\u2066b\u200f\u061c\u200b\u2028\ufeff\x9b"
    field = {"title": text, "description": text, "enum": [text, "b"], "default": text}
    one = bundle(tmp_path, {"type": "object", "required": [text], "properties": {text: field}}, name=text, text=text)
    made = form.made(one)
    for written in [made] if isinstance(made, str) else [as_yaml(made), as_json(made)]:
        assert all(one.isprintable() or one == "\n" for one in written)
        assert "202e" in written.lower()


@given(TEXTS)
def test_prose_and_code_are_the_text_itself(text: str) -> None:
    html = MarkdownIt("commonmark", {"html": False})
    assert html.renderInline(prose(text)).find("<") == -1
    shown = html.renderInline(code(text))
    assert shown.startswith("<code>")
    assert shown.count("<") == 2


@given(TEXTS)
def test_nothing_in_a_comment_ends_it(text: str) -> None:
    lines = comment(text.splitlines() or [text])
    assert "\n".join(lines).count("*/") == 1
    assert all(line.isprintable() for line in lines)


def test_openapi_is_refused_for_a_second_call_of_a_path(tmp_path: Path) -> None:
    bundle(tmp_path, {})
    call = {"summary": "s", "source": "s", "method": "GET", "path": "/a/:b", "role": "read", "answer": {"status": [200], "payload": {}}}  # fmt: skip
    (tmp_path / "http").mkdir()
    for name in ("one", "two"):
        (tmp_path / "http" / f"{name}.json").write_text(json.dumps({"call": name, **call}))
    with pytest.raises(ContractError, match="is described by another call already"):
        openapi.made(exported(str(tmp_path)))


def test_an_effect_in_words_is_one_and_is_told_wherever_the_request_is(tmp_path: Path) -> None:
    bundle(tmp_path, {})
    event = {"event": "mark", "summary": "s", "source": "s"}
    sent = {"effect": {"other": "a mark is kept"}, "payload": {"type": "string"}}
    (tmp_path / "events" / "b.json").write_text(json.dumps({**event, "client_to_server": sent}))
    one = exported(str(tmp_path))
    request = one.bundle.request("mark")
    assert request is not None
    assert (request.does, request.broadcasts, request.membership, request.reply) == ("a mark is kept", (), None, None)
    assert "does: a mark is kept" in str(detail(one.bundle, "mark"))
    assert all("a mark is kept" in str(module.made(one)) for module in (asyncapi, typescript, markdown))
