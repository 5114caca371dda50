"""The file of settings: found, read as TOML, and checked against a closed schema, with the lines of what is wrong.

The schema beside this file is completed with the settings of each observer. What the values mean is read in
`settings.py`.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from conformance.support.discovery import declared
from conformance.support.errors import UsageError
from contracts import files
from contracts.closed_schema import ClosedSchema

FILE = "roomcheck.toml"
PROJECT = "pyproject.toml"
SCHEMA = Path(__file__).parent / "settings.schema.json"
OBSERVERS = "conformance.stage.observers"
"""The package whose files say in `SETTINGS` which keys `[observers]` has."""


def find(named: Path | None = None) -> Path | None:
    """The file of the settings: the one named, or the nearest above the working directory.

    Raises:
        UsageError: the one named is not there.
    """
    if named is not None:
        if why := files.unusable(named):
            raise UsageError(f"--settings: {why}")
        return named
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / FILE).exists():
            if why := files.unusable(folder / FILE):
                raise UsageError(f"the settings: {why}")
            return folder / FILE
        project = folder / PROJECT
        if project.is_file() and "[tool.roomcheck" in files.content(project).decode("utf-8", "replace"):
            return project
    return None


def read(path: Path, kind: str, under: tuple[str, ...] = ()) -> tuple[str, dict[str, Any]]:
    """A TOML file held against the closed schema: its text, and the document.

    Raises:
        UsageError: it cannot be read, is no TOML, or breaks the schema; says the line.
    """
    try:
        # Some editors begin a file with a byte order mark, which TOML does not know.
        text = files.text(path, "utf-8-sig")
        _refuse_deep_keys(text)
        document: Any = tomllib.loads(text)
        for key in under:
            document = document.get(key, {}) if isinstance(document, dict) else {}
        plain = _plain(document)
        faults = list(ClosedSchema(_schema(), secret=True).faults(plain, kind))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is not UTF-8: {error.reason} at byte {error.start}") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: is not TOML: {error}") from error
    except RecursionError:
        raise UsageError(f"{path}: is nested too deeply to be settings") from None
    except ValueError as error:  # Python takes no whole number of more digits than 4300, nor times that are none.
        raise UsageError(f"{path}: is not TOML: {str(error).partition(';')[0]}") from None
    if faults:
        told = [
            f"{path}:{line_of(text, where)}: {_dotted(where)}: {message.removeprefix('/'.join(map(str, where)) + ': ')}"
            for where, message in faults
        ]
        raise UsageError("the settings cannot be used:\n" + "\n".join(f"  {one}" for one in told))
    return text, plain


MOST_DOTS = 400
"""In a line of settings. A key `a.a.a...` costs the square of its parts in memory; settings nest four tables."""


def _refuse_deep_keys(text: str) -> None:
    """Refuse what would take Python's reader of TOML gigabytes.

    Raises:
        RecursionError: a key may have too many parts.
    """
    if any(line.count(".") > MOST_DOTS for line in text.splitlines()):
        raise RecursionError


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(SCHEMA.read_text("utf-8"))
    for own in declared(OBSERVERS, "SETTINGS").values():
        schema["$defs"]["observers"]["properties"] |= own
    return schema


def secret_keys() -> frozenset[str]:
    """The keys of observers whose values are secret: `writeOnly` in the schema, as JSON Schema calls it."""
    return frozenset(_write_only(_schema()["$defs"]["observers"]))


def _write_only(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        properties = schema.get("properties", {})
        yield from (key for key, own in properties.items() if own.get("writeOnly"))
        for inner in schema.values():
            yield from _write_only(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _write_only(inner)


def algorithms() -> tuple[str, ...]:
    """The algorithms that tokens can be minted with."""
    return tuple(_schema()["$defs"]["auth"]["properties"]["algorithm"]["enum"])


def _plain(value: Any) -> Any:
    """TOML's values as JSON's: dates become texts."""
    match value:
        case dict():
            return {key: _plain(inner) for key, inner in value.items()}
        case list():
            return [_plain(inner) for inner in value]
        case str() | bool() | int() | float():
            return value
        case _:
            return value.isoformat()


def _dotted(where: tuple[str | int, ...]) -> str:
    parts = [f"[{step}]" if isinstance(step, int) else step for step in where]
    return ".".join(parts).replace(".[", "[") or "the file"


def line_of(text: str, where: tuple[str | int, ...]) -> int:
    """The line on which a key stands; that of its table where the key itself cannot be found."""
    names = [step for step in where if isinstance(step, str)]
    index = next((step for step in where if isinstance(step, int)), 0)
    lines = text.splitlines()
    best, tables = 1, 0
    at = 0
    for depth, name in enumerate(names):
        quoted = rf"(?:\"{re.escape(name)}\"|'{re.escape(name)}'|{re.escape(name)})"
        key = re.compile(rf"^\s*(?:{quoted}\s*=|\[+[^\]]*(?:^|[\[.]|\b){quoted}\s*[\].])|[{{,]\s*{quoted}\s*=")
        for number in range(at, len(lines)):
            if key.search(lines[number]):
                tables += depth == 0
                if depth == 0 and lines[number].lstrip().startswith("[[") and tables <= index:
                    continue
                best, at = number + 1, number
                break
    return best
