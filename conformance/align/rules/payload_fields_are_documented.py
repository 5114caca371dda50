"""A payload that is shown has the fields of its contract.

An example is what people copy: a field that is missing there is missing in their code, and one that is not documented
is not there when they read it.
"""

import difflib
from collections.abc import Iterator

from conformance.align.model import Claim, Drift, Evidence
from conformance.align.shown import schemas
from conformance.nearest import nearest

CLAUSE = "Payloads have the documented fields."
JUDGES = "payload"


def judge(evidence: Evidence) -> Iterator[Drift]:
    """Fields that are missing, and fields that no contract has."""
    for claim in evidence.stated("event"):
        if claim.payload is None or not claim.payload.fields:
            continue
        documented = schemas(evidence.bundle, claim)
        if documented:
            # A name that travels both ways has two payloads; the one that fits better is meant.
            found = [list(_judged(claim, schema)) for schema in documented]
            yield from min(found, key=len)


def _judged(claim: Claim, schema: dict[str, object]) -> Iterator[Drift]:
    assert claim.payload is not None  # noqa: S101 - looked at before
    properties = schema.get("properties")
    known = list(properties) if isinstance(properties, dict) else []
    required = schema.get("required")
    there = {field.name for field in claim.payload.fields}
    missing = [name for name in required if name not in there] if isinstance(required, list) else []
    slips = {near: field.name for field in claim.payload.fields if (near := _meant(field.name, known, there))}
    missing = [name for name in missing if name not in slips]
    for field in claim.payload.fields:
        if field.name not in known and (known or claim.origin == "document"):
            near = nearest(field.name, known, "")
            if claim.origin == "source" and not near:
                continue  # More than is documented may be sent.
            yield Drift(
                subject=claim.subject,
                place=field.place,
                expected=f"a field of {', '.join(f'`{name}`' for name in known)}",
                got=f"`{field.name}`; {near}" if near else f"`{field.name}`",
            )
    if missing and claim.payload.whole:
        yield Drift(
            subject=claim.subject,
            place=claim.place,
            expected=f"the field {', '.join(f'`{name}`' for name in missing)}",
            got=f"a payload of {', '.join(f'`{name}`' for name in sorted(there))}",
        )


def _meant(name: str, known: list[str], there: set[str]) -> str | None:
    """The field that a name with a slip in it stands for."""
    near = difflib.get_close_matches(name, [one for one in known if one not in there], 1) if name not in known else []
    return near[0] if near else None


SILENT = {
    "guide.md": "```js\nsocket.emit('pen:take', { room: '1', pen: 'red' });\nsocket.emit('pen:take', {...});\n```\n",
    "source.ts": "io.to(room).emit('pen:taken', { room, pen, at: Date.now() });\n",
}
SPEAKS = {"guide.md": "```js\nsocket.emit('pen:take', { room: '1', penn: 'red' });\n```\n"}
