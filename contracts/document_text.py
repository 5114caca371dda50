"""The text of a contract file, JSON or YAML by its name: its document, and the lines of places in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from contracts import files
from contracts.yaml_text import BadYaml, Node, compose

JSON_SUFFIX = ".json"
YAML_SUFFIXES = (".yaml", ".yml")
SUFFIXES = (JSON_SUFFIX, *YAML_SUFFIXES)
_BLANK = " \t\n\r"


class BadText(Exception):
    """A text that is no document; the message says why."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message, self.line = message, line


def is_contract_file(path: Path) -> bool:
    """Whether a file is read, by its name."""
    return path.suffix.lower() in SUFFIXES


def text_of(path: Path) -> str:
    """The text of a contract file, without a byte order mark.

    Raises:
        OSError: it cannot be read, is no regular file, or is too large.
        UnicodeDecodeError: it is not UTF-8.
    """
    return files.text(path, "utf-8-sig")


def parse(path: Path, text: str) -> Any:
    """The document of a text.

    Raises:
        BadText: it is neither, has a key twice, or is nested too deeply.
    """
    if _is_yaml(path):
        try:
            return compose(text).value
        except BadYaml as error:
            raise BadText(error.message, error.line) from None
    try:
        return json.loads(text, object_pairs_hook=_no_twins)
    except json.JSONDecodeError as error:
        raise BadText(f"is not JSON: {error.msg}, column {error.colno}{_hint(text, error)}", error.lineno) from None
    except ValueError as error:  # Python takes no whole number of more digits than 4300.
        raise BadText(f"has a number that is too long: {str(error).partition(';')[0]}", 1) from None
    except RecursionError:
        raise BadText("is nested too deeply to be a contract", 1) from None
    except _TwinKey as error:
        raise BadText(f"the key `{error.key}` occurs twice", _line_of_twin(text, error.key)) from None


def line_at(path: Path, text: str, where: tuple[str | int, ...]) -> int:
    """The line of a place in a text; of the innermost part of it that is there."""
    return _yaml_line(compose(text), where) if _is_yaml(path) else _json_line(text, where)


def lines_of(path: Path, text: str) -> Callable[[tuple[str | int, ...]], int]:
    """The same for many places of a text that is a document: YAML is read once."""
    if not _is_yaml(path):
        return partial(_json_line, text)
    return partial(_yaml_line, compose(text))


def _is_yaml(path: Path) -> bool:
    return path.suffix.lower() in YAML_SUFFIXES


def _hint(text: str, error: json.JSONDecodeError) -> str:
    """What is commonly wrong where JSON ends being JSON."""
    rest = text[error.pos :].lstrip()
    before = text[: error.pos].rstrip()
    if not text.strip():
        return ": the file is empty"
    if rest.startswith(("//", "/*", "#")):
        return ": JSON has no comments; a .yaml file may have them"
    if rest.startswith("'"):
        return ': JSON has double quotes, "..."'
    if (before.endswith(",") and rest.startswith(("}", "]"))) or error.msg.startswith("Illegal trailing comma"):
        return ": there is a comma before it that has to go"
    return ""


class _TwinKey(Exception):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in pairs:
        if key in made:
            raise _TwinKey(key)
        made[key] = value
    return made


def _line_of_twin(text: str, key: str) -> int:
    lines = [number for number, line in enumerate(text.splitlines(), 1) if json.dumps(key) in line]
    return lines[1] if len(lines) > 1 else (lines or [1])[0]


def _yaml_line(node: Node, where: tuple[str | int, ...]) -> int:
    line = node.at[0]
    for step in where:
        inner = node.inside.get(step)
        if inner is None:
            break
        line = node.keys[step][0] if isinstance(step, str) and step in node.keys else inner.at[0]
        node = inner
    return line


def _json_line(text: str, where: tuple[str | int, ...]) -> int:
    """The line of a place in a text that is JSON."""
    at = found = _skipped(text, 0)
    for step in where:
        inner = _member(text, at, step)
        if inner is None:
            break
        found, at = inner
    return text.count("\n", 0, found) + 1


def _member(text: str, at: int, step: str | int) -> tuple[int, int] | None:
    """Where a member of an object or a list begins, with its key, and where its value begins."""
    opens = text[at]
    if opens != ("{" if isinstance(step, str) else "["):
        return None
    decoder, at, place = json.JSONDecoder(), _skipped(text, at + 1), 0
    while text[at] not in "}]":
        begins = at
        if opens == "{":
            name, at = decoder.raw_decode(text, at)
            at = _skipped(text, _skipped(text, at) + 1)
        else:
            name = place
        if name == step:
            return begins, at
        _, at = decoder.raw_decode(text, at)
        at, place = _skipped(text, at), place + 1
        if text[at] == ",":
            at = _skipped(text, at + 1)
    return None


def _skipped(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BLANK:
        at += 1
    return min(at, len(text) - 1)
