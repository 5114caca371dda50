"""What of a bundle a set of runs exercised: each clause, field, listed value and example, with how often."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from conformance.coverage.places import places_in, places_of
from conformance.model.transcript import Acked, Called, Got, Sent, Transcript
from conformance.model.verdict import NotExercised, Outcome, Verdict
from contracts.form import Form
from contracts.model import Bundle
from contracts.replies import Examples
from contracts.schema import Schema

Kind: TypeAlias = Literal["clauses", "events", "fields", "values", "examples"]
KINDS: tuple[Kind, ...] = ("clauses", "events", "fields", "values", "examples")
DEEPEST = 12
"""Objects and lists inside each other by which examples are told apart."""
JUDGED = (Outcome.PASS, Outcome.FAIL, Outcome.WARNING, Outcome.KNOWN)
"""Outcomes of a clause that was exercised."""


NO_EXAMPLES = Examples()


@dataclass(frozen=True, slots=True, order=True)
class Item:
    """One thing that a run may exercise."""

    kind: Kind
    subject: str
    """The event with its direction, or the HTTP call."""
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """What arguments stand for: a request, its reply, a broadcast, the body of a call, or its answer."""

    subject: str
    schemas: tuple[Schema, ...]
    titles: tuple[str, ...]
    """The names of several arguments; empty for one payload."""
    examples: Examples = NO_EXAMPLES
    form: Form | None = None
    emitted: bool = True
    """Whether a client sends it, so that invalid examples can be sent as well."""


@dataclass(slots=True, kw_only=True)
class Coverage:
    """All items of a bundle, with how often each was exercised."""

    counts: dict[Item, int] = field(default_factory=dict)

    def hit(self, item: Item) -> None:
        """Count an item that the bundle has; anything else is none of its."""
        if item in self.counts:
            self.counts[item] += 1

    def of(self, kind: Kind) -> tuple[int, int]:
        """(how many items of a kind were exercised, how many there are)."""
        counts = [count for item, count in self.counts.items() if item.kind == kind]
        return sum(map(bool, counts)), len(counts)

    @property
    def percent(self) -> float:
        """How much of everything was exercised."""
        return 100 * sum(map(bool, self.counts.values())) / len(self.counts) if self.counts else 0.0

    def missing(self) -> list[Item]:
        """What was not exercised."""
        return sorted((item for item, count in self.counts.items() if not count), key=_order)


def _order(item: Item) -> tuple[int, str, str]:
    return KINDS.index(item.kind), item.subject, item.name


class Meter:
    """Measures runs, one record at a time."""

    def __init__(self, bundle: Bundle) -> None:
        self.coverage = Coverage()
        self._carriers: dict[tuple[str, str], Carrier] = {}
        self._looks: dict[tuple[str, str], dict[str, list[Item]]] = {}
        self._broken: dict[tuple[str, str], dict[tuple[str, str], list[Item]]] = {}
        for key, carrier in _carriers(bundle):
            self._carriers[key] = carrier
            self._list(key, carrier)

    def _list(self, key: tuple[str, str], carrier: Carrier) -> None:
        counts = self.coverage.counts
        counts[Item("events", carrier.subject, "seen")] = 0
        for place, schema in enumerate(carrier.schemas):
            fields, values = places_of(schema.document)
            if carrier.titles:
                counts[Item("fields", carrier.subject, carrier.titles[place])] = 0
            counts |= {Item("fields", carrier.subject, _named(carrier, place, name)): 0 for name in fields}
            counts |= {Item("values", carrier.subject, _named(carrier, place, name)): 0 for name in values}
        for number, example in enumerate(carrier.examples.valid, 1):
            item = Item("examples", carrier.subject, f"valid {number}")
            counts[item] = 0
            self._looks.setdefault(key, {}).setdefault(_look(_args(carrier, example), carrier), []).append(item)
        for number, bad in enumerate(carrier.examples.invalid if carrier.emitted else (), 1):
            item = Item("examples", carrier.subject, f"invalid {number} ({bad.keyword})")
            counts[item] = 0
            for why in _why(carrier, _args(carrier, bad.payload)):
                self._broken.setdefault(key, {}).setdefault(why, []).append(item)

    def judged(self, verdict: Verdict | NotExercised) -> None:
        """Take the judgement of a clause."""
        left_out = isinstance(verdict, NotExercised) and verdict.left_out
        if left_out or (isinstance(verdict, Verdict) and verdict.outcome is Outcome.SKIP):
            return
        item = Item("clauses", verdict.subject, verdict.rule)
        known = self.coverage.counts.setdefault(item, 0)
        if isinstance(verdict, Verdict) and verdict.outcome in JUDGED:
            self.coverage.counts[item] = known + 1

    def played(self, transcript: Transcript) -> None:
        """Take a transcript."""
        for entry in transcript.entries:
            match entry:
                case Sent():
                    self._carried(("sent", entry.event), entry.args)
                case Got():
                    self._carried(("got", entry.event), entry.args)
                case Acked():
                    self._carried(("acked", entry.event), entry.args)
                case Called():
                    self._carried(("body", entry.call), (entry.body,))
                    if entry.status is not None and entry.status < 400:
                        self._carried(("answer", entry.call), (entry.answer,))
                case _:
                    pass

    def _carried(self, key: tuple[str, str], args: Sequence[Any]) -> None:
        carrier = self._carriers.get(key)
        if carrier is None:
            return
        self.coverage.hit(Item("events", carrier.subject, "seen"))
        broken = list(_why(carrier, args)) if len(args) == len(carrier.schemas) else [("", "")]
        for why in broken:
            for item in self._broken.get(key, {}).get(why, ()):
                self.coverage.hit(item)
        if broken:
            return
        for item in self._looks.get(key, {}).get(_look(args, carrier), ()):
            self.coverage.hit(item)
        for place, (schema, value) in enumerate(zip(carrier.schemas, args, strict=True)):
            if carrier.titles:
                self.coverage.hit(Item("fields", carrier.subject, carrier.titles[place]))
            for name in places_in(schema.document, value):
                kind: Kind = "values" if " = " in name else "fields"
                self.coverage.hit(Item(kind, carrier.subject, _named(carrier, place, name)))


def measured(bundle: Bundle, transcripts: Iterable[Transcript]) -> Coverage:
    """What transcripts exercise of a bundle."""
    meter = Meter(bundle)
    for transcript in transcripts:
        meter.played(transcript)
    return meter.coverage


def _named(carrier: Carrier, place: int, name: str) -> str:
    if not carrier.titles:
        return name
    return (
        name.replace("payload", carrier.titles[place], 1)
        if name.startswith("payload = ")
        else f"{carrier.titles[place]}.{name}"
    )


def _args(carrier: Carrier, example: Any) -> Sequence[Any]:
    if carrier.form is None:
        return (example,)
    return list(getattr(example, "args", None) or carrier.form.args(example))


def _why(carrier: Carrier, args: Sequence[Any]) -> Iterator[tuple[str, str]]:
    """(place, keyword) of what is wrong with arguments; nothing where they keep their schemas."""
    for place, (schema, value) in enumerate(zip(carrier.schemas, args, strict=False)):
        problem = None if schema.is_valid(value) else schema.explain(value)
        if problem is not None:
            which = problem.expected if problem.keyword == "required" else ""
            yield f"{place}{problem.path}", problem.keyword + which


def _look(args: Sequence[Any], carrier: Carrier) -> str:
    """What tells examples apart once ids, texts and numbers are those of a run: fields, types and listed values."""
    listed = [sorted(name for name in places_in(schema.document, value) if " = " in name)
              for schema, value in zip(carrier.schemas, args, strict=False)]  # fmt: skip
    return f"{[_form(value, DEEPEST) for value in args]} {listed}"


def _form(value: Any, depth: int) -> Any:
    if isinstance(value, dict) and depth:
        return {name: _form(value[name], depth - 1) for name in sorted(value)}
    if isinstance(value, list) and depth:
        return [_form(one, depth - 1) for one in value[:1]]
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def _carriers(bundle: Bundle) -> Iterator[tuple[tuple[str, str], Carrier]]:
    """Everything that carries something, by the kind of entry and its name."""
    for event in bundle.events.values():
        request, broadcast = event.request, event.broadcast
        if request is not None:
            subject = f"{event.name}, emitted"
            yield ("sent", event.name), _carrier(subject, request.payload, request.form, request.examples)
            if request.reply is not None:
                reply = _carrier(f"{event.name}, reply", request.reply.payload, request.reply.form, emitted=False)
                yield ("acked", event.name), reply
                if request.reply.event is not None:
                    yield ("got", request.reply.event), reply
        if broadcast is not None:
            subject = f"{event.name}, sent"
            yield (
                ("got", event.name),
                _carrier(subject, broadcast.payload, broadcast.form, broadcast.examples, emitted=False),
            )
    for call in bundle.calls.values():
        if call.body is not None:
            yield ("body", call.name), _carrier(f"{call.title}, body", call.body, None, call.examples)
        yield ("answer", call.name), _carrier(f"{call.title}, answer", call.answer, None, emitted=False)


def _carrier(
    subject: str, schema: Schema, form: Form | None, examples: Examples = NO_EXAMPLES, *, emitted: bool = True
) -> Carrier:
    schemas = tuple(map(Schema, form.schemas)) if form is not None else (schema,)
    alone = form is None or form.is_object
    return Carrier(
        subject=subject, schemas=schemas, titles=() if alone or form is None else form.names, examples=examples,
        form=form, emitted=emitted,
    )  # fmt: skip
