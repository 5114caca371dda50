"""Fenced code to claims, by its language: code, objects, AsyncAPI, diagrams, calls and names in anything else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from conformance.align import (
    annotated,
    bygone,
    comments,
    connections,
    curl,
    declared,
    diagrams,
    drawn,
    english,
    gherkin,
    imports,
    json_schemas,
    listings,
    monitors,
    moods,
    names_in_fences,
    objects,
    others,
    paths,
    purpose,
    python,
    quoted_calls,
    request_data,
    sides,
    slips,
    specifications,
    stance,
    statuses_compared,
    titles,
    value_enums,
)  # fmt: skip
from conformance.align.labels import CALL, subject
from conformance.align.markdown import Piece, line_starts
from conformance.align.model import Claim, Side
from conformance.align.scope import Foreign
from conformance.align.typescript import Code
from conformance.align.vocabulary import Vocabulary

CODE = frozenset({"js", "javascript", "ts", "typescript", "jsx", "tsx", "mjs", "cjs", "node"})
JSON = frozenset({"json", "jsonc", "json5"})
PYTHON = frozenset({"python", "py", "python3"})
DRAWN = frozenset({"", "text", "txt", "plain", "plaintext", "ascii", "mermaid", "plantuml", "diagram", "none"})
"""What is no programming language: names stand in it without quotes."""
SHELL = frozenset({"bash", "sh", "shell", "zsh", "console", "http", "terminal", "cmd", "powershell", "rest"})
CLIENTS = frozenset({"dart", "flutter", "swift", "kotlin", "kt", "objc", "objective-c"})
"""Languages in which nobody writes a server of Socket.IO."""
DATA = frozenset({"yaml", "yml", "toml", "ini", "env", "properties", "css", "scss", "html", "xml", "dockerfile", "sql"})
"""Texts in which a name with colons is an event's only where it can be nothing else."""

PROMPT = re.compile(r"\s*(?:[\w.~/:@-]+[ ]?)?[$%] \w")
"""What begins what a shell shows: its prompt, and a command."""
HTML = re.compile(r"<script\b[^>]*>(?P<code>.*?)</script>", re.DOTALL)
CONSTANTS = re.compile(r"\benum\s+\w+|\b(?:const|export\s+default)\s+[A-Z]\w*\s*(?::[^=\n]+)?=|\bstatic\s+readonly\b")
"""Code that defines constants."""
DECLARES = re.compile(rf"{CONSTANTS.pattern}|\b(?:interface|type)\s+[A-Z]\w*")
"""Code that defines what other fences may use."""
CALLED = re.compile(r"\.(?:on|once|off|emit|to|in|join|leave)\(|\bfetch\(|\.(?:get|post|put|patch|delete)\(")
"""Code that speaks to a socket."""
COMMENT = re.compile(r"(?://|#\s|--\s|/\*).*")
"""A comment in a line of code."""
SAID = re.compile(r'"\s*:\s*"(?:\\.|[^"\\\n])*"')
"""A text within what a line shows: it says nothing of the line."""
LINE = 1000
"""Characters of a line that are read."""
LABEL = 80
"""Characters of the paragraph below a request that may say that it was wrong on purpose."""
OBJECT = re.compile(r"\s*(?:(?://|#)[^\n]*\n\s*|/\*.*?\*/\s*)*[{\[]", re.DOTALL)
"""A text that begins with an object, comments aside."""


def language_of(piece: Piece) -> str:
    """The language that a fence names, in small letters."""
    return re.split(r"[\s,{:]", piece.info.lower(), maxsplit=1)[0]


def claims(
    piece: Piece, file: str, words: Vocabulary, faults: list[str], known: Shared
) -> Iterator[Claim]:  # fmt: skip
    """What a fence claims; a retired name in a test whose title says that it is gone is refuted.

    Args:
        faults: where it is added what could not be read.
        known: what the other fences declare, to which its own constants are added.
    """
    mistaken = moods.FAILED.match(piece.below) is not None or moods.shows_a_mistake(
        (text for kind, text in piece.trail[:1] if kind not in ("fence", "table")), piece.section
    )
    gone, refusing = titles.of_gone(piece), titles.of_refusing(piece)
    if not mistaken and language_of(piece) not in SHELL | DATA | JSON:
        yield from declared.claims(piece, file, words)
        yield from value_enums.claims(piece, file, words)
    found = list(_claims(piece, file, words, faults, known))
    compared = statuses_compared.claims(piece, found, file, words)
    for claim in (*found, *compared, *connections.of_code(piece, file, words)):
        retired = claim.place.line in gone and claim.subject in words.retired
        if claim.how == "route" and not paths.is_documented(words.bundle, claim.subject) and _is_double(claim, piece):
            continue
        if retired or mistaken or moods.of_old_code(_beside(claim, piece)):
            yield replace(claim, refuted=True)
        elif (claim.payload or claim.query) and _is_sent(claim, words) and _is_wrong(claim, piece, refusing):
            yield replace(claim, payload=None, query=None)
        else:
            yield claim


def _is_double(claim: Claim, piece: Piece) -> bool:
    """Whether a route is one of what stands for the service in tests."""
    return quoted_calls.is_of_a_double((*_beside(claim, piece), *piece.section[-1:]))


def _is_sent(claim: Claim, words: Vocabulary) -> bool:
    """Whether what is shown is sent to the service, which may refuse it."""
    if claim.kind == "call":
        return True
    return claim.direction == "to-server" or (claim.direction is None and "to-server" in words.ways(claim.subject))


def _is_wrong(claim: Claim, piece: Piece, refusing: frozenset[int]) -> bool:
    """Whether a payload is said to be wrong on purpose: by the title of its test, its line, the label or a heading."""
    if (
        claim.place.line in refusing
        or purpose.ON_PURPOSE.search(piece.below[:LABEL])
        or purpose.ANSWERED.match(piece.below)
    ):
        return True
    return moods.wrong_on_purpose((*_beside(claim, piece), *reversed(piece.section[-2:])))


def _beside(claim: Claim, piece: Piece) -> tuple[str, ...]:
    """The comments behind and above a claim's line, the first comment of its fence, and the label above that."""
    above = next((text for kind, text in piece.trail if kind not in ("fence", "table")), "")
    number, starts = claim.place.line - piece.lines[0][0], line_starts(piece.text)
    beside = []
    for at, search in ((number, COMMENT.search), (number - 1, COMMENT.match)):
        line = piece.text[starts[at] : starts[at] + LINE].split("\n", 1)[0].lstrip() if 0 <= at < len(starts) else ""
        found = search(line)
        beside.append(found[0] if found else "")
    first = COMMENT.match(piece.text.lstrip()[:LINE].split("\n", 1)[0])
    return (*beside, first[0] if first else "", above)


def _claims(
    piece: Piece, file: str, words: Vocabulary, faults: list[str], known: Shared
) -> Iterator[Claim]:  # fmt: skip
    """What a fence claims, by its language.

    Args:
        faults: where it is added what could not be read.
        known: what the other fences declare, to which its own constants are added.
    """
    language = language_of(piece)
    if language.split("-")[0] in ("diff", "patch"):
        yield from _difference(piece, file, words, known)
        return
    if language in ("md", "markdown"):
        return
    if json_schemas.is_one(piece.text) and not specifications.may_be_one(piece.text):
        yield from json_schemas.claims(piece, file, words)
    elif language in CODE and not OBJECT.match(piece.text):
        yield from _code(piece, file, words, known)
    elif language in PYTHON:
        yield from _python(piece, file, words)
    elif specifications.may_be_one(piece.text):
        yield from specifications.of_fence(piece, file, words, faults)
    elif language in JSON or ((not language or language in CODE) and OBJECT.match(piece.text)):
        asked = list(request_data.claims(piece, file, words))
        shown = [*objects.claims(piece, file, words), *asked]
        yield from shown
        yield from _kept(piece, file, words)
        yield from slips.claims(
            piece, file, words, {claim.place.line: claim.place for claim in shown if claim.kind == "call"}
        )
    else:
        yield from _text(piece, file, words, language)


ROOM = re.compile(r"[\"']?\broom(?:_?name)?[\"']?\s*:\s*[\"'](?P<room>[^\"'\s]{3,80})[\"']", re.IGNORECASE)
"""A field that holds the name of a room."""


def _kept(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The rooms whose names are values of an object."""
    for found in ROOM.finditer(piece.text) if "oom" in piece.text else ():
        if words.room_example.fullmatch(found["room"]):
            place = piece.span(file, found.start("room"), found.end("room"))
            yield Claim(
                kind="room", subject=found["room"], place=place, origin="document", how="payload",
                section=piece.section, refuted=piece.refuted,
            )  # fmt: skip


def _difference(piece: Piece, file: str, words: Vocabulary, known: Shared) -> Iterator[Claim]:
    """What a difference adds or leaves, as code where it is some; what it takes away is gone."""
    lines = piece.text.split("\n")
    taken_away = {number: True for number, line in enumerate(lines, piece.lines[0][0]) if line[:1] == "-"}
    found = [_seen(claim, piece, taken_away) for claim in names_in_fences.claims(piece, file, words, quoted=False)]
    left = ("" if line[:1] in ("-", "@") or line[:3] == "+++" else re.sub(r"^\+", " ", line) for line in lines)
    kept = replace(piece, text="\n".join(left), info="ts")
    if OBJECT.match(kept.text):
        yield from objects.claims(kept, file, words)
    code = list(_code(kept, file, words, known)) if CALLED.search(kept.text) else []
    read = {(claim.place.line, claim.subject) for claim in code}
    yield from code
    yield from (claim for claim in found if claim.refuted or (claim.place.line, claim.subject) not in read)


def _text(piece: Piece, file: str, words: Vocabulary, language: str) -> Iterator[Claim]:
    """A text in no language that has a reader of its own."""
    doubtful = dict(_by_marks(piece))
    language = "console" if not language and PROMPT.match(piece.text) else language
    found: list[Claim] = []
    if language in ("html", "vue", "svelte"):
        for script in HTML.finditer(piece.text):
            first = piece.text.count("\n", 0, script.start("code"))
            inside = replace(piece, text=script["code"], lines=piece.lines[first:], info="tsx")
            yield from _code(inside, file, words, Shared())
        return
    found += _calls(piece, file)
    found += curl.claims(piece, file)
    found += objects.frames(piece, file, words)
    found += monitors.claims(piece, file, words)
    found += annotated.claims(piece, file)
    found += gherkin.claims(piece, file, words)
    found += slips.claims(piece, file, words, {claim.place.line: claim.place for claim in found})
    if language in DRAWN:
        found += listings.claims(piece, file, words)
        found += [
            *diagrams.claims(piece, file, words),
            *objects.told(piece, file, words),
            *drawn.payloads(piece, file, words),
        ]
    elif language not in SHELL | DATA:
        read = list(others.claims(piece, file, words))
        said, hint = _hints(piece, read)
        firm: Side | None = "client" if language in CLIENTS else said
        found += sides.settled(read, words, firm, hint)
    taken = {(claim.place.line, claim.place.column) for claim in found if claim.kind == "event"}
    for claim in names_in_fences.claims(
        piece, file, words, quoted=language not in DRAWN | DATA, sure=language in SHELL | DATA
    ):
        if (claim.place.line, claim.place.column) not in taken:
            found.append(claim)
    yield from (_seen(claim, piece, doubtful) for claim in found)


@dataclass(slots=True)
class Shared:
    """What the fences of a document know of each other."""

    names: dict[str, str] = field(default_factory=dict)
    """What their constants stand for."""
    types: Foreign = field(default_factory=dict)
    codes: dict[int, Code] = field(default_factory=dict)
    """Fences that were parsed for it, by the line that they begin on: none is parsed twice."""


def shared(parts: Sequence[Piece], file: str, words: Vocabulary) -> Shared:
    """The constants and the types of all fences: a guide may use them before it shows them."""
    found = Shared()
    for piece in parts:
        if piece.kind == "fence" and language_of(piece) in CODE and DECLARES.search(piece.text):
            code = found.codes[piece.lines[0][0]] = _parsed(piece, file, words)
            code.outside(dict(found.names))
            found.names |= {name: value for name, value in code.scope.names.items() if "." in name}
    found.types = imports.shared(code.scope for code in found.codes.values())
    return found


def _parsed(piece: Piece, file: str, words: Vocabulary) -> Code:
    line, column = piece.lines[0]
    return Code(
        text=piece.text, file=file, origin="document", words=words, line=line, columns=column - 1,
        section=piece.section, tsx=language_of(piece) in ("tsx", "jsx"),
    )  # fmt: skip


def _hints(piece: Piece, found: Sequence[Claim]) -> tuple[Side | None, Side | None]:
    """(the side that the paragraph above names, the side that a weaker hint or a heading does)."""
    above = next((text for kind, text in piece.trail[:1] if kind not in ("fence", "table")), "")
    readings = [claim.reading for claim in found if claim.reading]
    firm = sides.turned(sides.firmly(above), above, readings)
    return firm, sides.of_texts((above, *reversed(piece.section)))


def _code(piece: Piece, file: str, words: Vocabulary, known: Shared) -> Iterator[Claim]:
    made = known.codes.get(piece.lines[0][0])
    code = made if made is not None and made.text == piece.text else _parsed(piece, file, words)
    code.outside(dict(known.names))
    code.scope.foreign = known.types
    known.names |= {name: value for name, value in code.scope.names.items() if "." in name}
    doubtful = dict(_by_line(piece, code))
    found = [] if "(" in piece.text else list(listings.claims(piece, file, words))
    found = found or list(code.claims())
    if any(claim.reading for claim in found):
        found = list(sides.settled(found, words, *_hints(piece, found)))
    found = list(comments.with_payloads(piece, code, found, words))
    found += [*comments.shown(piece, code, subject(piece, words), words), *comments.misnamed(code, words)]
    found += objects.frames(piece, file, words)
    seen = {(claim.kind, claim.place.line) for claim in found}
    found += [claim for claim in _calls(piece, file) if ("call", claim.place.line) not in seen]
    yield from (_seen(claim, piece, doubtful) for claim in found if _is_meant(claim, words))


def _is_meant(claim: Claim, words: Vocabulary) -> bool:
    """Whether a path of a string is one that the contracts may speak of."""
    if claim.kind != "call" or claim.how != "path":
        return True
    return any(paths.is_slip(claim.subject, call.path) for call in words.bundle.calls.values())


def _python(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    line, column = piece.lines[0]
    code = python.Code(
        text=piece.text, file=file, origin="document", words=words, line=line, columns=column - 1, section=piece.section
    )
    doubtful = {**dict(_by_marks(piece)), **dict(_by_line(piece, code))}
    read = list(code.claims())
    found = [*sides.settled(read, words, *_hints(piece, read)), *objects.frames(piece, file, words)]
    yield from (_seen(claim, piece, doubtful) for claim in found)


def _seen(claim: Claim, piece: Piece, doubtful: dict[int, bool]) -> Claim:
    """A claim with what comments, labels and headings say of it."""
    return replace(claim, refuted=doubtful.get(claim.place.line, piece.refuted), section=piece.section)


def _by_line(piece: Piece, code: Code | python.Code) -> Iterator[tuple[int, bool]]:
    """For each line of code what comments say of it: one behind it, or those above it up to a blank line."""
    above: dict[int, str] = {}
    behind: dict[int, str] = {}
    covered: set[int] = set()
    for first, last, text, after in code.comments():
        (behind if after else above)[first] = text
        if not after:
            covered |= set(range(first, last + 1))
    said: stance.Stance | None = None
    versions = stance.versions(text for text in (one.strip("/*#- ") for one in above.values()) if text[:1] in "vV")
    first_line = piece.lines[0][0]
    for number, line in enumerate(piece.text.split("\n"), first_line):
        if not line.strip():
            said = None
        elif number in above:
            text = above[number].strip("/*#- ")
            told = "refuted" if bygone.BROKEN.search(text) else stance.label(text[: stance.LABEL_CHARACTERS])
            said = versions.get(text) or told or said
        if number in covered:
            continue
        own = (
            stance.refuted(behind[number]) or bygone.BROKEN.search(behind[number]) is not None
            if number in behind
            else None
        )
        right = number in behind and english.STATED.search(behind[number]) is not None and not own
        if own or right or said:
            yield number, bool(own) or (not right and said == "refuted")


def _by_marks(piece: Piece) -> Iterator[tuple[int, bool]]:
    """For each line of a text that is no code whether it calls itself wrong."""
    for number, line in enumerate(piece.text.split("\n"), piece.lines[0][0]):
        if stance.refuted(SAID.sub('": ""', line) if '": "' in line or '":"' in line else line):
            yield number, True


def _calls(piece: Piece, file: str) -> Iterator[Claim]:
    for found in CALL.finditer(piece.text):
        yield curl.call(piece, file, found["method"], found["path"], found.start("path"))
