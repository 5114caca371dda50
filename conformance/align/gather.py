"""Files to evidence: Markdown by its reader, TypeScript and JavaScript by theirs. The only part that opens a file."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from conformance.align import prose
from conformance.align.model import Evidence, Text
from conformance.align.typescript import Code
from conformance.align.vocabulary import Vocabulary
from conformance.target import UsageError
from contracts.model import Bundle

DOCUMENTS = (".md", ".markdown", ".mdx")
SOURCES = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
SKIPPED = frozenset({"node_modules", ".git", "dist", "build", "coverage", ".venv", "__pycache__"})
IGNORE = re.compile(r"roomcheck:\s*ignore\s+(?P<rule>[\w-]+|\*)")
"""In a comment: of this rule nothing is told for this line and the next."""

NESTED = "{}: nested too deeply, so it was not read"

MANY, CHUNK = 64, 16
"""From so many documents on it is worth to start processes for them, each given so many at a time."""

MOST_BYTES = 8_000_000
"""A larger file is no guide and no source that a person wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What was read, and what could not be."""

    evidence: Evidence
    faults: tuple[str, ...] = ()


def gather(bundle: Bundle, documents: Iterable[Path], sources: Iterable[Path], *, links: bool = False) -> Gathered:
    """Read files and folders.

    Args:
        links: look whether what documents link to is there.

    Raises:
        UsageError: a path is not there, or a folder has nothing to read.
    """
    texts, faults = list[Text](), list[str]()
    for read, found in _documents(list(_files(documents, DOCUMENTS, "documents")), bundle):
        texts += [read] if read else []
        faults += found
    code = [(path, text) for path in _files(sources, SOURCES, "source") if (text := _text(path, faults)) is not None]
    texts += read_sources({str(path): text for path, text in code}, faults)
    missing = frozenset(_missing(texts)) if links else frozenset()
    return Gathered(evidence=Evidence(bundle=bundle, texts=tuple(texts), missing=missing), faults=tuple(faults))


def _documents(paths: Sequence[Path], bundle: Bundle) -> Iterable[tuple[Text | None, list[str]]]:
    """What each document claims; of many they are read by every processor."""
    read = partial(_document, Vocabulary(bundle))
    if len(paths) < MANY:
        return list(map(read, paths))
    with ProcessPoolExecutor() as pool:
        return list(pool.map(read, paths, chunksize=CHUNK))


def _document(words: Vocabulary, path: Path) -> tuple[Text | None, list[str]]:
    faults: list[str] = []
    text = _text(path, faults)
    if text is None:
        return None, faults
    try:
        return prose.read(text, str(path), words), faults
    except RecursionError:
        return None, [*faults, NESTED.format(path)]


def of_texts(bundle: Bundle, texts: Mapping[str, str]) -> Evidence:
    """Evidence of texts that are given by file; a link to none of them leads nowhere."""
    words = Vocabulary(bundle)
    read = [prose.read(text, file, words) for file, text in texts.items() if file.endswith(DOCUMENTS)]
    read += read_sources({file: text for file, text in texts.items() if file.endswith(SOURCES)})
    links = (claim for one in read for claim in one.claims if claim.kind == "link")
    missing = {f"{claim.place.file} -> {claim.subject}" for claim in links if claim.subject.split("#")[0] not in texts}
    return Evidence(bundle=bundle, texts=tuple(read), missing=frozenset(missing))


def read_sources(files: Mapping[str, str], faults: list[str] | None = None) -> list[Text]:
    """What source files claim, names resolved through the constants of all of them."""
    outside: dict[str, str] = {}
    codes = []
    for file, text in files.items():
        plain = text.replace("\r\n", "\n")
        try:
            code = Code(text=plain, file=file, origin="source", side="server", tsx=file.endswith("x"))
        except RecursionError:
            if faults is None:
                raise
            faults.append(NESTED.format(file))
            continue
        outside |= {name: value for name, value in code.names.items() if "." in name}
        codes.append(code)
    found = []
    for code in codes:
        code.outside = outside
        asked = ((IGNORE.search(text), last) for _, last, text, _ in code.comments())
        found.append(
            Text(
                file=code.file,
                origin="source",
                claims=tuple(code.claims()),
                written=files[code.file],
                ignored=tuple((rule["rule"], last, last + 1) for rule, last in asked if rule),
            )
        )
    return found


def _files(paths: Iterable[Path], endings: tuple[str, ...], what: str) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            found = sorted(_within(path, endings))
            if not found:
                raise UsageError(f"{path}: there are no files of {what} here ({', '.join(endings)})")
            yield from found
        elif path.exists():
            yield path
        else:
            raise UsageError(f"{path}: there is no such file or folder")


def _within(folder: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in SKIPPED)
        yield from (Path(here) / name for name in files if name.endswith(endings) and not name.endswith(".d.ts"))


def _text(path: Path, faults: list[str]) -> str | None:
    """A file's text; a fault in one clear message where it has none."""
    try:
        told = path.stat()
        if not stat.S_ISREG(told.st_mode):
            faults.append(f"{path}: no regular file, so it was not read")
            return None
        if told.st_size > MOST_BYTES:
            faults.append(f"{path}: larger than {MOST_BYTES // 1_000_000} MB, so it was not read")
            return None
        data = path.read_bytes()
    except OSError as error:
        faults.append(f"{path}: cannot be read: {error.strerror}")
        return None
    if b"\0" in data[:8192]:
        faults.append(f"{path}: a binary file, so it was not read")
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        faults.append(f"{path}:{line}: not UTF-8, so the file was not read")
        return None


def _is_there(path: Path, target: str) -> bool:
    """Whether a link leads to a file, also where a site generator leaves out its ending, or writes another."""
    if path.exists():
        return True
    if path.suffix in ("", ".html", ".htm"):
        page = path.with_suffix("")
        # What begins the site, and has no ending, may be made by a server.
        return target.startswith("/") or any(page.with_suffix(ending).exists() for ending in DOCUMENTS)
    return False


def _missing(texts: Iterable[Text]) -> Iterator[str]:
    for text in texts:
        for claim in text.claims:
            if claim.kind == "link":
                target = unquote(claim.subject.split("#")[0].split("?")[0])
                base = Path.cwd() if target.startswith("/") else Path(text.file).parent
                if target and "{" not in target and not _is_there(base / target.lstrip("/"), target):
                    yield f"{text.file} -> {claim.subject}"
