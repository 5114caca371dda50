"""What goes before the paths of calls: the base of a client, a base URL, the prefix in a heading. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from conformance.align import paths
from conformance.align.markdown import Piece
from conformance.align.model import Claim
from conformance.align.vocabulary import Vocabulary
from contracts.model import Call

KEY = re.compile(
    r"\b(?:baseURL|baseUrl|base_url|baseURI|prefixUrl|prefix_url|BaseAddress|basePath)\b['\"]?\s*[:=(]\s*(?:new\s+Uri\(|URL\(string:\s*)?"
    r"(?P<value>[`'\"][^`'\"\n]*[`'\"]|[\w$.]+)"
)
"""Where a client is given its base."""
OWNER = re.compile(r"(?P<name>[A-Za-z_$][\w$]*)\s*(?::[^=\n]+)?=(?![=>])")
"""The variable that is given such a client."""
BEFORE = 300
"""Characters before a base in which the variable of its client stands."""
GIVEN = re.compile(
    r"(?<![\w.])@?(?P<name>[A-Za-z_]\w*)\s*(?::[^=\n]{0,40})?[=:]\s*['\"`]?https?://[^\s/'\"`{]+(?P<path>(?:/[\w.-]+)+)/?(?=['\"`\s;,]|$)",
    re.MULTILINE,
)
"""A variable that is given an address with a path."""
ADDRESS = re.compile(r"(?:https?://|wss?://)?[^/]*?(?P<path>(?:/[\w.{}$-]+)*)/?")
TOLD = re.compile(
    r"\b(?:base\s*-?(?:url|path|uri|route)|basis-?(?:url|pfad)|url\s+de\s+base|prefix(?:ed)?|mounted|root\s+path|"
    r"(?:all|every|these|the)\s+(?:\w+\s+){0,2}(?:paths?|routes?|endpoints?|calls?|urls?)\s+(?:\w+\s+){0,2}?(?:below|under|relative\s+to|with|at|by))\b"
    r"[^`\n]{0,40}?[`*\s:]+(?:https?://[^\s/`'\"|)]+|\{\{?\w+\}?\}|\$\{?\w+\}?)?(?P<path>(?:/[\w.:{}-]+)+)/?",
    re.IGNORECASE,
)
"""What is said to go before the paths of a section: `Base URL: https://host/api`."""
HEADED = re.compile(
    r"(?<![A-Za-z])(?<!GET )(?<!POST )(?<!PUT )(?<!PATCH )(?<!DELETE )[`(\s](?P<path>(?:/[\w.:{}<>-]+)+)/?(?:/?\*+)?"
)
"""A path in a heading that no method stands before."""
METHOD = re.compile(r"\b(?:GET|POST|PUT|PATCH|DELETE)\b")
EVIDENCE = 2
"""From how many calls on that lack the same first words those words are taken for the base of their client."""


@dataclass(slots=True)
class Bases:
    """What a document says of what goes before its paths."""

    clients: dict[str, str] = field(default_factory=dict)
    """The paths of bases, by the variables of their clients."""
    variables: tuple[str, ...] = ()
    """Paths of addresses that any variable holds."""
    told: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    """(headings, path) where a text says it of all that stands below them."""


def of_code(text: str) -> dict[str, str]:
    """The path of each client's base, by its variable; a base of which only a variable is known has none."""
    found: dict[str, str] = {}
    for one in KEY.finditer(text):
        owners = list(OWNER.finditer(text, max(0, one.start() - BEFORE), one.start()))
        path = _path(one["value"], text)
        if owners and path is not None:
            found.setdefault(owners[-1]["name"], path)
    return found


def shared(texts: Iterable[str]) -> dict[str, str]:
    """The bases of clients that only one of several texts has, or all of them the same."""
    found: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        for name, path in of_code(text).items():
            found[name].add(path)
    return {name: next(iter(some)) for name, some in found.items() if len(some) == 1}


def _path(value: str, text: str) -> str | None:
    """The path of an address, as written or as the variable has it; None where nothing shows it."""
    if value[0] not in "`'\"":
        given = re.search(rf"\b{re.escape(value)}\s*(?::[^=\n]+)?=\s*(?P<value>[`'\"][^`'\"\n]*[`'\"])", text)
        if given is None:
            return None
        value = given["value"]
    whole = ADDRESS.fullmatch(re.sub(r"^\$?\{[^}]*\}", "", value[1:-1]))
    return whole["path"] if whole is not None else None


def of(text: str, parts: Sequence[Piece]) -> Bases:
    """What a document says of what goes before its paths."""
    made = Bases()
    if KEY.search(text):
        made.clients = of_code(text)
    if "://" in text:
        made.variables = tuple(dict.fromkeys(found["path"] for found in GIVEN.finditer(text)))
    for piece in parts:
        if piece.kind in ("paragraph", "item", "cell") and "/" in piece.text:
            whole = piece.row if piece.kind == "cell" else piece.text
            found = TOLD.search(whole)
            if found is not None and not METHOD.search(whole):
                made.told.append((piece.section, found["path"]))
    return made


def completed(claims: Iterable[Claim], words: Vocabulary, said: Callable[[], Bases]) -> list[Claim]:
    """Claims of calls with their whole paths, where what goes before them is known.

    Args:
        said: what is said of that, asked only where some path may lack it.
    """
    found = list(claims)
    short = [at for at, claim in enumerate(found) if _is_short(claim, words)]
    if not short:
        return found
    bases = said()
    inferred = _inferred([found[at] for at in short], words)
    for at in short:
        whole = _whole(found[at], bases, inferred, words)
        if whole is not None:
            found[at] = replace(found[at], subject=whole)
    return found


def _is_short(claim: Claim, words: Vocabulary) -> bool:
    """Whether a path is that of no documented call, nor a slip of one."""
    if claim.kind != "call" or claim.how in ("route", "prefix"):
        return False
    _, _, path = claim.subject.rpartition(" ")
    return not any(
        paths.fits(path, call.path) or paths.is_slip(path, call.path) for call in words.bundle.calls.values()
    )


def _whole(claim: Claim, bases: Bases, inferred: dict[str, str], words: Vocabulary) -> str | None:
    """A call with what goes before its path; None where that makes it neither documented nor nearly so."""
    method, _, path = claim.subject.rpartition(" ")
    firm = list(_firm(claim, bases))
    if claim.via in inferred:
        firm.append(inferred[claim.via])
    for base in firm:
        whole = f"{base}{path}"
        if any(_is_near(whole, method, call) for call in words.bundle.calls.values()):
            return f"{method} {whole}".strip()
    for base in (*bases.variables, *_missing(claim, words)):
        whole = f"{method} {base}{path}".strip()
        if paths.call_of(words.bundle, whole) is not None:
            return whole
    return None


def _is_near(path: str, method: str, call: Call) -> bool:
    """Whether a path is that of a call, perhaps with a slip, or says the same in other words."""
    if paths.fits(path, call.path):
        return paths.plainly(path, call.path)
    return paths.is_slip(path, call.path) or (call.method == method and paths.is_other_word(path, call.path))


def _firm(claim: Claim, bases: Bases) -> Iterator[str]:
    """What is said to go before the path of a claim: by its client, its headings, or a text above it."""
    if claim.via in bases.clients:
        yield bases.clients[claim.via]
        return
    headed = [found["path"] for title in claim.section[-2:] if (found := HEADED.search(f" {title}")) is not None]
    told = [path for section, path in bases.told if claim.section[: len(section)] == section][-1:]
    yield from reversed(headed)
    yield from told
    yield from (f"{one}{other}" for one in told for other in headed)


def _missing(claim: Claim, words: Vocabulary) -> list[str]:
    """What a path lacks to be that of a documented call by the same method, of which it is the end.

    In the order of the contracts: of several calls with the same end the first is meant.
    """
    method, _, path = claim.subject.rpartition(" ")
    own = paths.parts(path)
    found = (
        "/" + "/".join(meant[: len(meant) - len(own)])
        for call in words.bundle.calls.values()
        if call.method == method and paths.ends(path, call.path) and len(own) < len(meant := paths.parts(call.path))
        and paths.literal(path, "/".join(meant[len(meant) - len(own) :]))
    )  # fmt: skip
    return list(dict.fromkeys(found))


def _inferred(claims: Sequence[Claim], words: Vocabulary) -> dict[str, str]:
    """What each client is given by what most of its calls lack."""
    lacking: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for claim in claims:
        if claim.via:
            for base in _missing(claim, words):
                if ":" not in base:
                    lacking[claim.via][base].add(claim.subject)
    found = ((via, base, named) for via, some in lacking.items() if len(some) == 1 for base, named in some.items())
    return {via: base for via, base, named in found if len(named) >= EVIDENCE}
