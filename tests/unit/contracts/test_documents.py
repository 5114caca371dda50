"""Contract files in JSON and in YAML: the same documents, the same messages, and what of YAML is refused."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from contracts.document_text import BadText, line_at, parse
from contracts.editor_schema import KINDS, editor_schema
from contracts.faults import META_SCHEMA, ContractError
from contracts.load import HERE, load
from contracts.where import where
from contracts.yaml_text import MOST_DEPTH

JSON, YAML = Path("x.json"), Path("x.yaml")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HERE / "example", tmp_path / "copy"))


def in_yaml(folder: Path) -> None:
    """Write every file of a bundle anew in YAML."""
    for number, path in enumerate(sorted(folder.rglob("*.json"))):
        document = json.loads(path.read_text("utf-8"))
        text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False)
        path.with_suffix(".yml" if number % 2 else ".yaml").write_text(text, "utf-8")
        path.unlink()


def faults(folder: Path) -> list[str]:
    with pytest.raises(ContractError) as caught:
        load(str(folder))
    return [f"{fault.file.relative_to(folder)}:{fault.line}: {fault.message}" for fault in caught.value.faults]


def test_a_bundle_in_yaml_is_the_same_bundle(copy: Path) -> None:
    wanted = load(str(copy))
    in_yaml(copy)
    found = load(str(copy))
    assert found.place == str(copy / "bundle.yml") or found.place == str(copy / "bundle.yaml")
    assert found.room == wanted.room
    assert list(found.events) == list(wanted.events)
    for name, event in wanted.events.items():
        assert found.events[name].request == event.request
        assert found.events[name].broadcast == event.broadcast
    assert [call.answer for call in found.calls.values()] == [call.answer for call in wanted.calls.values()]


def test_lines_of_verdicts_are_those_of_yaml(copy: Path) -> None:
    in_yaml(copy)
    (path,) = (copy / "events").glob("cursor-move.y*")
    path.write_text(f"# cursor:move\n{path.read_text()}")
    assert where(load(str(copy)))["cursor:move"] == f"{path}:2"


CORE = """\
on: no
yes: off
day: 2026-11-28
at: 2026-11-28 12:00:00
minutes: 1:30
underscored: 1_000
octal: 0o17
zero: 017
hexadecimal: 0xff
number: 12
fraction: .5
exponent: 1e3
"true": True
nothing: ~
null: null
quoted: "12"
single: 'no'
block: |
  12
empty:
1: one
"""


def test_plain_scalars_are_those_of_yaml_1_2() -> None:
    assert parse(YAML, CORE) == {
        "on": "no", "yes": "off", "day": "2026-11-28", "at": "2026-11-28 12:00:00", "minutes": "1:30",
        "underscored": "1_000", "octal": 15, "zero": 17, "hexadecimal": 255, "number": 12, "fraction": 0.5,
        "exponent": 1000.0, "true": True, "nothing": None, "null": None, "quoted": "12", "single": "no",
        "block": "12\n", "empty": None, "1": "one",
    }  # fmt: skip


REFUSED = [
    ("a: 1\nb: 2\na: 3\n", 3, "the key `a` occurs twice"),
    ('a: {b: 1, "b": 2}\n', 1, "the key `b` occurs twice"),
    ("a: !!str 1\n", 1, "has the tag"),
    ("a: !!python/object/apply:os.system [ls]\n", 1, "has the tag"),
    ("!mine\na: 1\n", 1, "has the tag"),
    ("a: &x [*x]\n", 1, "stands inside of what it names"),
    ("a: *x\n", 1, "names no anchor above it"),
    ("a: 1\n---\nb: 2\n", 2, "has a second document"),
    ("base: &b {a: 1}\nc:\n  <<: *b\n", 3, "the merge key `<<`"),
    ("? [a]\n: 1\n", 1, "a key has to be a text"),
    ("a:\n\tb: 1\n", 2, "is not YAML"),
    ("a: [1, 2\n", 2, "is not YAML"),
    ("a: 'x\n", 2, "is not YAML"),
    ("a: .nan\n", 1, "is no number that JSON has"),
    ("a: 1e999\n", 1, "is too large"),
    ("a: \x00\n", 1, "is not YAML"),
    ("", 1, "is empty"),
    ("# nothing\n", 1, "is empty"),
    ("[" * (MOST_DEPTH + 1), 1, "is nested too deeply"),
    ("a: " + "{b: " * 50_000, 1, "is nested too deeply"),
]


@pytest.mark.parametrize(("text", "line", "message"), REFUSED, ids=[message for _, _, message in REFUSED])
def test_what_of_yaml_is_refused(text: str, line: int, message: str) -> None:
    with pytest.raises(BadText) as caught:
        parse(YAML, text)
    assert message in caught.value.message
    assert caught.value.line == line


def test_aliases_of_aliases_are_bounded() -> None:
    """A billion laughs: nine lines that would be ten to the ninth values."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    with pytest.raises(BadText, match="more than 200000 values"):
        parse(YAML, "\n".join(lines))
    deep = ["a0: &a0 x", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, MOST_DEPTH + 2))]
    with pytest.raises(BadText, match="nested too deeply"):
        parse(YAML, "\n".join(deep))


def test_an_alias_is_what_its_anchor_is() -> None:
    assert parse(YAML, "a: &x {b: [1]}\nc: *x\nd: [*x, *x]\n") == {
        "a": {"b": [1]}, "c": {"b": [1]}, "d": [{"b": [1]}, {"b": [1]}],
    }  # fmt: skip


@pytest.mark.parametrize("suffix", [".json", ".yaml"])
def test_faults_have_the_line_in_either_form(copy: Path, suffix: str) -> None:
    if suffix == ".yaml":
        in_yaml(copy)
    (path,) = [path for path in (copy / "events").iterdir() if path.stem == "pen-take"] or [None]
    assert path is not None
    text = path.read_text("utf-8")
    path.write_text(text.replace("summary", "sumary").replace("minLength", "minLenght", 1), "utf-8")
    lines = path.read_text("utf-8").splitlines()
    line = next(number for number, line in enumerate(lines, 1) if "sumary" in line)
    assert f"events/{path.name}:{line}: unknown key `sumary`; did you mean `summary`?" in faults(copy)
    line = next(number for number, line in enumerate(lines, 1) if "minLenght" in line)
    assert f"events/{path.name}:{line}: unknown key `minLenght`; did you mean `minLength`?" in faults(copy)


def test_places_in_json_are_found_whatever_blanks_it_has() -> None:
    document: dict[str, Any] = {'a\n"': [1, {"b": "}],", "c": []}, -1.5e3], "d": {"e": None, "f": {}}, "g": "\ud83d"}
    for indent in (None, 2, "\t"):
        text = "\n" + json.dumps(document, indent=indent)
        lines = text.splitlines()
        for where_, held in [
            (('a\n"',), '"a\\n'), (('a\n"', 1, "b"), '"b"'), (('a\n"', 2), "-1500.0"), (("d", "f"), '"f"'), (("g",), '"g"'),
        ]:  # fmt: skip
            assert held in lines[line_at(JSON, text, where_) - 1], (indent, where_)
        assert line_at(JSON, text, ("d", "nothing")) == line_at(JSON, text, ("d",))
        assert line_at(JSON, text, ('a\n"', 9)) == line_at(JSON, text, ('a\n"',))
    assert line_at(JSON, "7", ("a",)) == 1


def test_a_file_in_json_is_the_same_in_yaml_with_the_same_lines() -> None:
    """JSON is YAML 1.2: both readers agree on every bundled file, and on the line of every place in it."""
    for path in sorted(HERE.glob("example*/**/*.json")):
        text = path.read_text("utf-8")
        document = parse(JSON, text)
        assert parse(YAML, text) == document
        for place in places(document):
            assert line_at(JSON, text, place) == line_at(YAML, text, place), (path, place)


def places(node: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inside = list(node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ())
    return [at, *(place for step, inner in inside[:3] for place in places(inner, (*at, step)))]


def test_a_file_that_is_no_contract_by_its_size_is_refused_in_either_form(copy: Path) -> None:
    for name in ("huge.json", "huge.yaml"):
        (copy / "events" / name).write_bytes(b"#" * 4_000_001)
    assert "events/huge.json:1: cannot be read: it is larger than 4 MB" in faults(copy)
    (copy / "events" / "huge.json").unlink()
    assert "events/huge.yaml:1: cannot be read: it is larger than 4 MB" in faults(copy)


def test_tabs_and_a_byte_order_mark_are_taken(copy: Path) -> None:
    path = copy / "events" / "pen-take.json"
    document = json.loads(path.read_text("utf-8")) | {"sumary": "x"}
    path.write_text("\ufeff" + json.dumps(document, indent="\t"), "utf-8")
    line = next(n for n, text in enumerate(path.read_text("utf-8").splitlines(), 1) if "sumary" in text)
    assert faults(copy) == [f"events/pen-take.json:{line}: unknown key `sumary`; did you mean `summary`?"]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('{\n"a": 1, // one\n"b": 2}', "JSON has no comments"),
        ("{'a': 1}", "double quotes"),
        ('{"a": 1,\n}', "there is a comma before it that has to go"),
        ("", "the file is empty"),
    ],
)
def test_what_is_commonly_wrong_with_json_is_said(text: str, hint: str) -> None:
    with pytest.raises(BadText) as caught:
        parse(JSON, text)
    assert caught.value.message.startswith("is not JSON: ")
    assert hint in caught.value.message


def test_a_contract_in_two_forms_is_refused(copy: Path) -> None:
    shutil.copy(copy / "events" / "pen-take.json", copy / "events" / "pen-take.yaml")
    shutil.copy(copy / "bundle.json", copy / "bundle.yml")
    found = faults(copy)
    assert "events/pen-take.yaml:1: pen-take.json stands beside it and is the same contract: keep one of them" in found
    assert "bundle.yml:1: bundle.json stands beside it and is the same contract: keep one of them" in found


def test_a_bundle_extends_one_in_the_other_form(copy: Path) -> None:
    in_yaml(copy)
    more = copy.parent / "more"
    (more / "events").mkdir(parents=True)
    (more / "bundle.yaml").write_text("bundle: more\nextends: ../copy\nwithout: [nothing]\n", "utf-8")
    assert faults(more) == ['bundle.yaml:3: the extended bundle has no "nothing" to be without']
    (more / "bundle.yaml").write_text("bundle: more\nextends: ../copy\n", "utf-8")
    assert load(str(more)).events.keys() == load(str(copy)).events.keys()


def test_where_contracts_are_not_it_is_said_where_they_may_be(copy: Path, tmp_path: Path) -> None:
    for place, hint in [
        (copy / "events", f"did you mean {copy}, which has a bundle?"),
        (tmp_path, f"did you mean {copy}?"),
        (tmp_path / "nowhere", "there is no such folder"),
        (copy / "bundle.json", f"did you mean {copy}, which has a bundle?"),
    ]:
        with pytest.raises(ContractError) as caught:
            load(str(place))
        assert hint in str(caught.value)


# --- the schemas of editors -----------------------------------------------------------------------------------


def test_every_file_may_name_its_schema(copy: Path) -> None:
    (copy / "triggers").mkdir()
    preset = {"triggers": "t", "summary": "x", "source": "x", "events": {"note:added": {"method": "POST", "url": "/n"}}}
    (copy / "triggers" / "t.json").write_text(json.dumps(preset))
    for path in copy.rglob("*.json"):
        document = json.loads(path.read_text("utf-8"))
        path.write_text(json.dumps({"$schema": "https://example.org/any.json", **document}))
    assert set(load(str(copy)).presets) == {"t"}


def keys(node: Any, place: str) -> list[tuple[str, Any]]:
    """Every key that a part of the meta-schema allows, with its schema."""
    found: list[tuple[str, Any]] = []
    if isinstance(node, dict):
        for word, inner in node.items():
            if word == "properties":
                found += [(f"{place}.{key}", one) for key, one in inner.items()]
                found += [pair for key, one in inner.items() for pair in keys(one, f"{place}.{key}")]
            elif word not in ("examples", "enum", "const"):
                found += keys(inner, f"{place}.{word}" if place else word)
    elif isinstance(node, list):
        found += [pair for one in node for pair in keys(one, place)]
    return found


def test_every_key_has_a_description_and_its_examples_are_true() -> None:
    import jsonschema

    meta = json.loads(META_SCHEMA.read_text("utf-8"))
    found = keys(meta["$defs"], "")
    assert len(found) > 150
    assert [place for place, one in found if not isinstance(one, dict) or not one.get("description")] == []
    assert sum("examples" in one for _, one in found) > 30
    for place, one in found:
        validator = jsonschema.Draft202012Validator({"$defs": meta["$defs"], **one})
        for example in one.get("examples", ()):
            assert not list(validator.iter_errors(example)), (place, example)


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_for_editors_takes_and_refuses_the_same(kind: str) -> None:
    import jsonschema

    schema = editor_schema(kind)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    pattern = "bundle.json" if kind == "bundle" else f"{kind if kind in ('http', 'triggers') else 'events'}/*.json"
    documents = [json.loads(path.read_text("utf-8")) for path in sorted(HERE.glob(f"*/{pattern}"))]
    assert documents
    for document in documents:
        if "extends" not in document:  # An editor does not know what another bundle brings.
            assert not list(validator.iter_errors(document))
        assert not validator.is_valid({**document, "sumary": "x"})
        assert not validator.is_valid({**document, "summary": 7})
