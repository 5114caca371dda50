"""A value that is shown in a payload is one that its contract allows.

`"type": "string"` and the like stand for a value of that type; anything else is taken at its word.
"""

from collections.abc import Iterator

from conformance.align.model import Claim, Drift, Evidence, Field
from conformance.align.shown import JSON_TYPES, fitting, payloads
from contracts.model import Bundle
from contracts.schema import Schema, shown

CLAUSE = "Payloads have values of the documented type, range and choice."
JUDGES = "payload"


def judge(evidence: Evidence) -> Iterator[Drift]:
    """Values of another type, and values that are not among the documented ones."""
    made: dict[int, Schema] = {}
    for claim in (*evidence.stated("event"), *evidence.stated("call")):
        for payload, schemas in payloads(evidence.bundle, claim):
            documented = [schema["properties"] for schema in fitting(payload, schemas) if "properties" in schema]
            for field in payload.fields:
                if field.unit == "s" and _clock(evidence.bundle, claim.subject, field.name) == "unix-ms":
                    yield Drift(
                        subject=claim.subject, place=field.place, got="seconds",
                        expected=f"`{field.name}` in Unix milliseconds",
                    )  # fmt: skip
                    continue
                found = [
                    one
                    for part in documented
                    if field.name in part and (one := _judged(claim, field, part[field.name], made))
                ]
                if found and len(found) == sum(field.name in part for part in documented):
                    yield found[0]


def _clock(bundle: Bundle, event: str, field: str) -> str | None:
    """The unit of a time in an event that the server sends."""
    known = bundle.events.get(event)
    return known.broadcast.clocks.get(field) if known is not None and known.broadcast is not None else None


def _judged(claim: Claim, field: Field, schema: dict[str, object], made: dict[int, Schema]) -> Drift | None:
    if field.most is not None and field.most != schema.get("maxLength", field.most):
        return Drift(
            subject=claim.subject, place=field.place, got=f"at most {field.most}",
            expected=f"`{field.name}` of at most {schema['maxLength']} characters",
        )  # fmt: skip
    for word, value in field.told:
        if schema.get(word, value) != value:
            return Drift(
                subject=claim.subject, place=field.place, got=f"{word} {shown(value)}",
                expected=f"`{field.name}` with the {word} {shown(schema[word])}",
            )  # fmt: skip
    types = schema.get("type", [])
    allowed = {types} if isinstance(types, str) else set(types if isinstance(types, list) else ())
    if "enum" in schema:
        allowed = allowed or {"string"}
    if allowed and field.shape != "unknown" and not JSON_TYPES[field.shape] & allowed:
        return Drift(
            subject=claim.subject,
            place=field.place,
            expected=f"`{field.name}` of type {' or '.join(sorted(allowed))}",
            got=f"a {field.shape}",
        )
    values = field.values or (() if field.placeholder or field.value is None else (field.value,))
    if values and id(schema) not in made:
        made[id(schema)] = Schema(dict(schema))
    for value in values:
        problem = made[id(schema)].explain(value)
        if problem is not None:
            return Drift(
                subject=claim.subject,
                place=field.place,
                expected=f"`{field.name}` to be {problem.expected}",
                got=shown(value),
            )
    return None


SILENT = {
    "guide.md": "```js\nsocket.emit('pen:take', { room: 'string', pen: 'red' });\n```\n",
    "source.ts": "io.to(room).emit('pen:taken', { room, pen: chosen });\n",
}
SPEAKS = {"guide.md": "```js\nsocket.emit('pen:take', { room: '1', pen: 'pink' });\n```\n"}
