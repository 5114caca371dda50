"""Files to evidence, each by the reader of its kind. The only part that opens a file."""

from __future__ import annotations

import gc
import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from conformance.align import extent, prose, specifications, vocabulary
from conformance.align.model import Evidence, Origin, Text
from conformance.align.sources import CLIENTS, NESTED, SERVERS, read_sources
from conformance.align.specified import Unreadable
from conformance.align.vocabulary import Vocabulary
from conformance.support.errors import UsageError
from contracts.model import Bundle

DOCUMENTS = (".md", ".markdown", ".mdx")
SPECIFICATIONS = (".yaml", ".yml", ".json")
"""Files that are documents where they say that they are AsyncAPI or OpenAPI."""

SKIPPED = frozenset({"node_modules", ".git", "dist", "build", "coverage", ".venv", "__pycache__"})
MANY, CHUNK = 64, 16
"""From so many documents on it is worth to start processes for them, each given so many at a time."""

HEAD_BYTES = 4096
"""Where a file of YAML or JSON says what it is."""

MOST_BYTES = 2_000_000
"""A larger file is no guide and no source that a person wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What was read, and what could not be."""

    evidence: Evidence
    faults: tuple[str, ...] = ()


def gather(
    bundle: Bundle,
    documents: Iterable[Path],
    sources: Iterable[Path],
    clients: Iterable[Path] = (),
    *,
    links: bool = False,
) -> Gathered:
    """Read files and folders.

    Args:
        clients: source of clients, whose `on` hears what the service sends.
        links: look whether what documents link to is there.

    Raises:
        UsageError: a path is not there, or a folder has nothing to read.
    """
    texts, faults = list[Text](), list[str]()
    sources = tuple(sources)
    for read, found in _documents(
        list(_files(documents, (*DOCUMENTS, *SPECIFICATIONS), "documents", DOCUMENTS)), bundle
    ):
        texts += [read] if read else []
        faults += found
    words = vocabulary.of(bundle)
    code_of: tuple[tuple[Iterable[Path], tuple[str, ...], str, Origin], ...] = (
        (sources, SERVERS, "source", "source"),
        (clients, CLIENTS, "client source", "client"),
    )
    for paths, endings, what, origin in code_of:
        code = {str(path): text for path in _files(paths, endings, what) if (text := _text(path, faults)) is not None}
        texts += read_sources(code, words, origin, faults)
    missing = frozenset(_missing(texts)) if links else frozenset()
    partly = _partly(texts, sources)
    return Gathered(
        evidence=Evidence(bundle=bundle, texts=tuple(texts), missing=missing, partly=partly), faults=tuple(faults)
    )


def _partly(texts: Iterable[Text], sources: Sequence[Path]) -> str:
    """Why the source that was named is only a part of a service; empty where it is the whole."""
    packaged = any((path / name).is_file() for path in sources if path.is_dir() for name in extent.MANIFESTS)
    own = {Path(os.path.abspath(text.file)).as_posix(): text.written for text in texts if text.origin == "source"}
    named = [Path(os.path.abspath(path)).as_posix() for path in sources]
    return extent.lacking(own, named, packaged=packaged, exists=_is_module) if own else ""


def _is_module(path: str) -> bool:
    """Whether there is a module of Python, by its path without an ending."""
    return Path(f"{path}.py").is_file() or Path(path).is_dir()


def _documents(paths: Sequence[Path], bundle: Bundle) -> Iterable[tuple[Text | None, list[str]]]:
    """What each document claims; of many they are read by every processor."""
    read = partial(_document, vocabulary.of(bundle))
    if len(paths) < MANY:
        return list(map(read, paths))
    # What is read is kept to the end, so that looking for garbage finds none, and costs a tenth of the time.
    gc.disable()
    try:
        with ProcessPoolExecutor(initializer=gc.disable) as pool:
            return list(pool.map(read, paths, chunksize=CHUNK))
    finally:
        gc.enable()


def _document(words: Vocabulary, path: Path) -> tuple[Text | None, list[str]]:
    faults: list[str] = []
    text = _text(path, faults)
    if text is None:
        return None, faults
    try:
        read = read_document(text, str(path), words)
    except RecursionError:
        return None, [*faults, NESTED.format(path)]
    return read, [*faults, *read.faults]


def read_document(text: str, file: str, words: Vocabulary) -> Text:
    """What a document claims: Markdown, AsyncAPI or OpenAPI."""
    if not file.endswith(SPECIFICATIONS):
        return prose.read(text, file, words)
    try:
        claims = specifications.read(text.replace("\r\n", "\n"), file, words)
    except Unreadable as error:
        return Text(file=file, origin="document", claims=(), written=text, faults=(f"{file}: {error}",))
    return Text(file=file, origin="document", claims=tuple(claims), written=text)


def of_texts(bundle: Bundle, texts: Mapping[str, str]) -> Evidence:
    """Evidence of texts that are given by file; a link to none of them leads nowhere.

    Files below `client/` are a client's source. One file of source alone is one that was named alone.
    """
    words = vocabulary.of(bundle)
    documents = (*DOCUMENTS, *SPECIFICATIONS)
    packaged = any(Path(file).name in extent.MANIFESTS for file in texts)
    texts = {file: text for file, text in texts.items() if Path(file).name not in extent.MANIFESTS}
    read = [read_document(text, file, words) for file, text in texts.items() if file.endswith(documents)]
    code = {file: text for file, text in texts.items() if not file.endswith(documents)}
    clients = {file: text for file, text in code.items() if file.startswith("client/")}
    sources = {file: text for file, text in code.items() if file not in clients}
    read += read_sources(sources, words, "source")
    read += read_sources(clients, words, "client")
    links = (claim for one in read for claim in one.claims if claim.kind == "link")
    missing = {f"{claim.place.file} -> {claim.subject}" for claim in links if claim.subject.split("#")[0] not in texts}
    own = {f"/{file}": text for file, text in sources.items()}
    named = [*own] if len(own) == 1 and not packaged else [f"/{file.split('/')[0]}" for file in sources]
    partly = extent.lacking(own, named, packaged=packaged, exists=lambda _: False) if own else ""
    return Evidence(bundle=bundle, texts=tuple(read), missing=frozenset(missing), partly=partly)


def again(evidence: Evidence, changed: Mapping[str, str]) -> list[Text]:
    """The texts of some files as they would be read after a change; of source all, which share their constants."""
    words = vocabulary.of(evidence.bundle)
    made = [read_document(changed[one.file], one.file, words) for one in evidence.texts
            if one.origin == "document" and one.file in changed]  # fmt: skip
    origins: tuple[Origin, ...] = ("source", "client")
    for origin in origins:
        code = {one.file: changed.get(one.file, one.written) for one in evidence.texts if one.origin == origin}
        if code.keys() & changed.keys():
            made += read_sources(code, words, origin, [])
    return made


def _files(
    paths: Iterable[Path], endings: tuple[str, ...], what: str, told: tuple[str, ...] | None = None
) -> Iterator[Path]:
    """The files of paths; of YAML and JSON in folders only those that say that they are AsyncAPI or OpenAPI."""
    for path in paths:
        if path.is_dir():
            found = sorted(one for one in _within(path, endings) if not told or one.suffix in told or _specifies(one))
            if not found:
                raise UsageError(f"{path}: there are no files of {what} here ({', '.join(told or endings)})")
            yield from found
        elif path.is_file():
            yield path
        elif path.exists():
            raise UsageError(f"{path}: is no regular file; name a file or a folder")
        else:
            raise UsageError(f"{path}: there is no such file or folder")


def _within(folder: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in SKIPPED)
        yield from (Path(here) / name for name in files if name.endswith(endings) and not name.endswith(".d.ts"))


def _specifies(path: Path) -> bool:
    """Whether a file says in its first lines that it is AsyncAPI or OpenAPI."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return specifications.is_one(file.read(HEAD_BYTES).decode("utf-8", "replace"))
    except OSError:
        return False


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
