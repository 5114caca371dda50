"""Documents of other formats as text: JSON, or YAML that readers of YAML 1.1 and 1.2 take for the same."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from contracts.yaml_text import is_plain

WIDTH = 110
"""Columns after which long texts are folded."""


def as_json(document: Any) -> str:
    """The text of a document as JSON, in which control and direction characters and lone surrogates are escaped."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return "".join(one if one.isprintable() or one == "\n" else _escaped(one) for one in text) + "\n"


def _escaped(one: str) -> str:
    return json.dumps(one)[1:-1]


def as_yaml(document: Any) -> str:
    """The text of a document as YAML, without anchors."""
    import yaml

    text: str = yaml.dump(document, Dumper=_dumper(), sort_keys=False, allow_unicode=True, width=WIDTH)
    # What cannot be seen stands in double quotes, where PyYAML leaves some of it as it is.
    return "".join(one if one.isprintable() or one == "\n" else _numbered(one) for one in text)


def _numbered(one: str) -> str:
    """A character as double quotes of YAML have it by its number."""
    number = ord(one)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


@cache
def _dumper() -> Any:
    import yaml

    class Dumper(yaml.SafeDumper):
        """Writes in quotes what either version would read as something else, and what cannot be seen by its number."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

    def text(dumper: Any, value: str) -> Any:
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=_style(value))

    Dumper.add_representer(str, text)
    return Dumper


def _style(text: str) -> str | None:
    if not text.isprintable():
        return "|" if _is_block(text) else '"'
    return None if is_plain(text) else "'"


def _is_block(text: str) -> bool:
    lines = text.split("\n")
    return all(line.isprintable() and line == line.strip() for line in lines) and not text.startswith("\n")
