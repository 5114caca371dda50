"""Constants that a file of source takes from another by their own names: `import { JOIN } from './names'`. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from conformance.align.imports import file_of
from conformance.align.scope import Names

_PATH = r"['\"](?P<path>\.[^'\"\n]*)['\"]"
NAMED = re.compile(
    rf"\bimport\s+(?:\w+\s*,\s*)?\{{(?P<names>[^}}]*)\}}\s*from\s*{_PATH}"
    rf"|\b(?:const|let|var)\s*\{{(?P<taken>[^}}]*)\}}\s*=\s*require\(\s*['\"](?P<required>\.[^'\"\n]*)['\"]"
)
"""Names that are taken one by one."""
WHOLE = re.compile(
    rf"\bimport\s+\*\s+as\s+(?P<name>\w+)\s+from\s*{_PATH}"
    rf"|\b(?:const|let|var)\s+(?P<held>\w+)\s*=\s*require\(\s*['\"](?P<required>\.[^'\"\n]*)['\"]"
)
"""All names of a file, below a name for it."""
PART = re.compile(r"\s*(?:type\s+)?(?P<name>\w+)(?:\s*(?:\bas\b|:)\s*(?P<own>\w+))?\s*")
EXPORTED = re.compile(
    r"\bexport\s+const\s+(?P<one>\w+)|\b(?:export|module\.exports\s*=)\s*\{(?P<several>[^}]*)\}|\bexports\.(?P<set>\w+)\s*="
)
PYTHON = re.compile(
    r"^from[ \t]+(?P<module>[.\w]+)[ \t]+import[ \t]+(?:\((?P<several>[^)]*)\)|(?P<line>[^\n(#]*))"
    r"|^import[ \t]+(?P<dotted>[\w.]+)(?:[ \t]+as[ \t]+(?P<alias>\w+))?",
    re.MULTILINE,
)
ASSIGNED = re.compile(r"^(?P<name>\w+)[ \t]*(?::[^=\n]+)?=(?!=)", re.MULTILINE)
DEFINED = re.compile(r"^def[ \t]+(?P<name>\w+)\(", re.MULTILINE)
"""What a module of Python gives: what it assigns, and its functions, which may make names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A file of source: its text, and what its own names stand for."""

    text: str
    names: Mapping[str, str]


def of(files: Mapping[str, Module]) -> dict[str, Names]:
    """What the names stand for that each file takes from others of the same source."""
    given = {file: dict(_given(file, module)) for file, module in files.items()}
    return {
        file: dict(_python(file, module.text, given) if file.endswith(".py") else _script(file, module.text, given))
        for file, module in files.items()
    }


def _given(file: str, module: Module) -> Iterator[tuple[str, str]]:
    """The constants that a file gives to others, by the names that they have there."""
    if file.endswith(".py"):
        for one in ASSIGNED.finditer(module.text):
            if one["name"] in module.names:
                yield one["name"], module.names[one["name"]]
        for one in DEFINED.finditer(module.text):
            if f"{one['name']}()" in module.names:
                yield f"{one['name']}()", module.names[f"{one['name']}()"]
        return
    for found in EXPORTED.finditer(module.text):
        for part in (found["one"] or found["set"] or found["several"]).split(","):
            named = PART.fullmatch(part)
            if named is not None and named["name"] in module.names:
                yield named["own"] or named["name"], module.names[named["name"]]


def _script(file: str, text: str, given: Mapping[str, Names]) -> Iterator[tuple[str, str]]:
    for found in NAMED.finditer(text):
        source = given.get(_script_of(file, found, given), {})
        for part in (found["names"] or found["taken"] or "").split(","):
            one = PART.fullmatch(part)
            if one is not None and one["name"] in source:
                yield one["own"] or one["name"], source[one["name"]]
    for found in WHOLE.finditer(text):
        source = given.get(_script_of(file, found, given), {})
        for name, value in source.items():
            yield f"{found['name'] or found['held']}.{name}", value


def _script_of(file: str, found: re.Match[str], given: Mapping[str, Names]) -> str:
    """The file that an import leads to; none where it is not one of those that are read."""
    return file_of(file, found["path"] or found["required"], given) or ""


def _python(file: str, text: str, given: Mapping[str, Names]) -> Iterator[tuple[str, str]]:
    for found in PYTHON.finditer(text):
        if found["dotted"]:
            yield from _below(found["alias"] or found["dotted"], _module(file, found["dotted"], given), given)
            continue
        source = given.get(_module(file, found["module"], given) or "", {})
        for part in (found["several"] or found["line"] or "").split(","):
            one = PART.fullmatch(re.sub(r"#[^\n]*", "", part))
            if one is None:
                continue
            own = one["own"] or one["name"]
            for call in ("", "()"):
                if one["name"] + call in source:
                    yield own + call, source[one["name"] + call]
            dot = "" if found["module"].endswith(".") else "."
            yield from _below(own, _module(file, f"{found['module']}{dot}{one['name']}", given), given)


def _below(name: str, file: str | None, given: Mapping[str, Names]) -> Iterator[tuple[str, str]]:
    """The names of a module, below what it is called."""
    for one, value in given.get(file or "", {}).items():
        yield f"{name}.{one}", value


def _module(file: str, module: str, files: Mapping[str, Names]) -> str | None:
    """The file of a module: beside the one that imports it where dots say so, else the only one of that path."""
    dots = len(module) - len(module.lstrip("."))
    path = module.lstrip(".").replace(".", "/")
    if dots:
        folder = posixpath.dirname(file.replace("\\", "/"))
        for _ in range(dots - 1):
            folder = posixpath.dirname(folder)
        return next((one for one in files if one.replace("\\", "/") == posixpath.join(folder, f"{path}.py")), None)
    found = [one for one in files if f"/{one}".replace("\\", "/").endswith(f"/{path}.py")]
    return found[0] if len(found) == 1 else None
