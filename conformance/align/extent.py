"""How much of a service the source that was named is: the whole of it, or a part. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from conformance.align.imports import ENDINGS, OWN_FILES

MANIFESTS = (
    "package.json", "deno.json", "pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "Pipfile",
)  # fmt: skip
"""Files of which one lies at the top of what is a program of its own."""
ENTRY = re.compile(
    r"\bNestFactory\s*\.\s*create|\brequire\(\s*['\"]socket\.io['\"]\s*\)\s*\(|"
    r"\bsocketio\.(?:Async|Simple)?Server\(|\bSocketIO\(|\bSocketManager\("
)
"""Where a server of Socket.IO, or the application around it, is made."""
PACKAGE = re.compile(r"['\"]socket\.io['\"]|^\s*(?:from|import)\s+(?:flask_)?socketio\b", re.MULTILINE)
MADE = re.compile(
    r"\bnew\s+(?:[\w$]+\.)?\w*(?:Server|IO|Io)\w*\s*[<(]|(?<![.\w])(?:Async)?Server\(|"
    r"\b(?:socket_?io|io)\w*\s*\(\s*(?:\w*[sS]erver|http|app)\b",
)
"""The same by a name of their own, in a text that imports the package."""
TEST = re.compile(
    r"(?:^|/)(?:tests?|specs?|__tests__|__mocks__|e2e)/|[._-](?:test|spec)s?\.\w+$|(?:^|/)(?:test_|conftest)\w*\.py$"
)
"""Files that make a server for tests."""
TAKEN = re.compile(
    r"(?:\bfrom\s*|\brequire\s*\(\s*|\bimport\s*\(\s*|\bimport\s+)['\"](?P<path>(?:\.{1,2}|@|~|src)/[^'\"\n]*|\.{1,2})['\"]"
)
"""A file of the same project that a script takes something from."""
TYPES = re.compile(r"(?:im|ex)port\s+type\b[^'\";]*")
DATA = re.compile(r"\.(?:json|css|scss|html?|txt|md|sql|graphql|proto|svg|png|ya?ml|wasm|node)$")
MODULE = re.compile(
    r"^(?:from[ \t]+(?P<from>\.*[\w.]*)[ \t]+import\b[ \t]*(?P<names>[\w, \t]*)|import[ \t]+(?P<dotted>[\w.]+))",
    re.MULTILINE,
)
UP = 4
"""Folders above a module of Python in which another that it imports may lie."""


def lacking(
    texts: Mapping[str, str], named: Sequence[str], *, packaged: bool, exists: Callable[[str], bool]
) -> str:  # fmt: skip
    """Why what was named is only a part of a service; empty where it is the whole.

    Args:
        texts: the source that was read, by its paths from the root.
        named: the files and folders that were named, by theirs.
        packaged: one of the folders is that of a program.
        exists: whether a module is there that was not named.
    """
    own = {file: text for file, text in texts.items() if not TEST.search(_below(file, named))}
    if not packaged and not any(map(_enters, own.values())):
        return "nothing in it sets up a server"
    for file, text in own.items():
        taken = _modules(file, text, exists) if file.endswith(".py") else _scripts(file, text, texts)
        for written, path in taken:
            if not _is_named(path, named):
                return f"{posixpath.basename(file)} imports {written}, which was not named"
    return ""


def _enters(text: str) -> bool:
    """Whether a text makes the server."""
    return ENTRY.search(text) is not None or (PACKAGE.search(text) is not None and MADE.search(text) is not None)


def _below(file: str, named: Sequence[str]) -> str:
    """The path of a file within the folder that was named."""
    return next((file[len(one) + 1 :] for one in named if file.startswith(f"{one}/")), posixpath.basename(file))


def _is_named(path: str, named: Sequence[str]) -> bool:
    return any(
        path in (one, f"{one}.py") or path.startswith(f"{one.rstrip('/')}/") or _is_script(path, one) for one in named
    )


def _is_script(path: str, file: str) -> bool:
    """Whether an import without an ending, or with that of what is made of it, means a file."""
    base = re.sub(r"\.(?:[mc]?js|jsx)$", "", path)
    return any(f"{base}{ending}" == file for ending in ENDINGS)


def _scripts(file: str, text: str, texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(as written, the path) of each file that a script takes more from than types."""
    for found in TAKEN.finditer(text):
        if DATA.search(found["path"]) or _is_of_types(text[: found.start()]):
            continue
        if found["path"].startswith("."):
            yield found["path"], posixpath.normpath(posixpath.join(posixpath.dirname(file), found["path"]))
            continue
        rest = OWN_FILES.sub("", found["path"], count=1)
        there = (one for one in texts if any(one.endswith(f"/{rest}{ending}") for ending in ENDINGS))
        yield found["path"], next(there, f"/{found['path']}")


def _is_of_types(before: str) -> bool:
    """Whether what stands before the path of an import says that it takes nothing but types."""
    begin = max(before.rfind("import"), before.rfind("export"))
    return begin >= 0 and TYPES.fullmatch(before, begin) is not None


def _modules(file: str, text: str, exists: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """(as written, the path) of each module of its own project that one of Python imports."""
    folder = posixpath.dirname(file)
    for found in MODULE.finditer(text):
        module = found["from"] or found["dotted"] or ""
        dots = len(module) - len(module.lstrip("."))
        path = module.lstrip(".").replace(".", "/")
        if dots:
            base = folder
            for _ in range(dots - 1):
                base = posixpath.dirname(base)
            names = [path] if path else [name.split()[0] for name in found["names"].split(",") if name.strip()]
            yield from ((module, posixpath.join(base, f"{name}.py")) for name in names)
            continue
        above = folder
        for _ in range(UP):
            if exists(posixpath.join(above, path)):
                yield module, posixpath.join(above, f"{path}.py")
                break
            above = posixpath.dirname(above)
