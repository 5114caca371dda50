"""A payload that is shown has the fields of its contract.

An example is what people copy: a field that is missing there is missing in their code, and one that is not documented
is not there when they read it.
"""

import difflib
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from conformance.align import vocabulary
from conformance.align.model import Claim, Drift, Evidence, Payload
from conformance.align.shown import fields_in, payloads, schemas
from conformance.align.vocabulary import CLOSE
from contracts.model import Bundle

CLAUSE = "Payloads have the documented fields."
JUDGES = "payload"
PLAINLY = 3
"""From how many fields on a payload that has them all is plainly the one of its contract."""
FEW = 2
"""From how many faults on a payload may be that of another event."""


def judge(evidence: Evidence) -> Iterator[Drift]:
    """Fields that are missing, and fields that no contract has."""
    words = vocabulary.of(evidence.bundle)
    for claim in (*evidence.stated("event"), *evidence.stated("call")):
        if (
            claim.direction is not None
            and words.known(claim.subject)
            and claim.direction not in words.ways(claim.subject)
        ):
            continue  # Told by the rule of directions: the fields are those of the other.
        for payload, documented in payloads(evidence.bundle, claim):
            if payload.fields and any(documented):  # A contract that says nothing allows any.
                # A name that travels both ways has two payloads; the one that fits better is meant.
                found = [list(_judged(claim, payload, schema)) for schema in documented if schema]
                least = min(found, key=len)
                if len(least) < FEW or not _is_anothers(evidence.bundle, claim, payload):
                    yield from least


def _is_anothers(bundle: Bundle, claim: Claim, payload: Payload) -> bool:
    """Whether a payload is just that of another event, or has fields of several: this name only stands above it."""
    there = {field.name for field in payload.fields}
    if claim.how == "payload" and claim.direction is None:
        own = fields_in(schemas(bundle, claim))
        lacks = all(not set(schema.get("required", ())) <= there for schema in schemas(bundle, claim))
        if lacks and len(there & own) * 2 < len(there) and there <= _of_all(bundle, claim):
            return True
    for name in bundle.events if claim.how == "payload" and claim.direction is None else ():
        for schema in schemas(bundle, replace(claim, subject=name)) if name != claim.subject else ():
            known, required = set(schema.get("properties", ())), set(schema.get("required", ()))
            if required and required <= there <= known:
                return True
    return False


def _of_all(bundle: Bundle, claim: Claim) -> set[str]:
    """Every documented field of any event."""
    every = (schemas(bundle, replace(claim, subject=name)) for name in bundle.events)
    return fields_in(chain.from_iterable(every))


def _judged(claim: Claim, payload: Payload, schema: dict[str, object]) -> Iterator[Drift]:
    properties, required = schema.get("properties"), schema.get("required")
    known = list(properties) if isinstance(properties, dict) else []
    there = {field.name for field in payload.fields}
    missing = [name for name in required if name not in there] if isinstance(required, list) else []
    unknown = [field.name for field in payload.fields if field.name not in known]
    meant = _meant(unknown, [name for name in known if name not in there], missing)
    missing = [name for name in missing if name not in meant.values()]
    keyed = isinstance(schema.get("additionalProperties"), dict)  # Its names are ids, of which none is documented.
    for field in payload.fields:
        if field.name not in unknown or not (known or (claim.origin == "document" and not keyed)):
            continue
        near = meant.get(field.name)
        if not near and (keyed or claim.origin != "document" or _is_more(known, there)):
            continue  # More than is documented may be sent: it stands for none of these.
        hint = f"; did you mean {near!r}?" if near else ""
        yield Drift(
            subject=claim.subject,
            place=field.place,
            expected=f"a field of {', '.join(f'`{name}`' for name in known)}",
            got=f"`{field.name}`{hint}",
        )
    for field in payload.fields:
        # A handler's type says what it makes do with, and that of a source's what it allows.
        told = claim.origin == "document" and claim.how != "on"
        if told and field.optional and isinstance(required, list) and field.name in required:
            yield Drift(
                subject=claim.subject, place=field.place, expected=f"`{field.name}`, which is required",
                got=f"`{field.name}` told to be optional",
            )  # fmt: skip
    if missing and payload.whole:
        yield Drift(
            subject=claim.subject,
            place=claim.place,
            expected=f"the field {', '.join(f'`{name}`' for name in missing)}",
            got=f"a payload of {', '.join(f'`{name}`' for name in sorted(there))}",
        )


def _is_more(known: list[str], there: set[str]) -> bool:
    """Whether a payload has every field of its contract and one more, which stands for none of them."""
    return len(known) >= PLAINLY and there.issuperset(known) and len(there) == len(known) + 1


def _meant(unknown: list[str], absent: list[str], missing: list[str]) -> dict[str, str]:
    """The field that each name with a slip in it stands for, an abbreviation, or the only one that is missing."""
    found: dict[str, str] = {}
    for name in unknown:
        left = [one for one in absent if one not in found.values()]
        near = difflib.get_close_matches(name, left, 1, CLOSE) or [one for one in left if _short_for(name, one)]
        if near:
            found[name] = near[0]
    rest = [name for name in unknown if name not in found], [name for name in missing if name not in found.values()]
    if len(rest[0]) == len(rest[1]) == 1:
        found[rest[0][0]] = rest[1][0]
    return found


def _short_for(name: str, meant: str) -> bool:
    """Whether a name abbreviates another: `lng` is `longitude`."""
    letters = iter(meant.lower())
    return len(name) > 1 and name[:1].lower() == meant[:1].lower() and all(letter in letters for letter in name.lower())


SILENT = {
    "guide.md": "```js\nsocket.emit('pen:take', { room: '1', pen: 'red' });\nsocket.emit('pen:take', {...});\n```\n",
    "source.ts": "io.to(room).emit('pen:taken', { room, pen, at: Date.now() });\n",
}
SPEAKS = {"guide.md": "```js\nsocket.emit('pen:take', { room: '1', penn: 'red' });\n```\n"}
