"""What `roomcheck fuzz` sends: values that the contracts forbid, in batches that take the place of invalid examples.

The acts and rules about bad requests then play and judge them as they do those of a check.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, TypeAlias

from conformance.plan.shrinking import smaller
from contracts.form import Fields
from contracts.generated import any_value, complete, fitting
from contracts.invalid_values import Broken, invalid_values
from contracts.model import Bundle, Call, Request
from contracts.replies import Examples, Invalid
from contracts.schema import Schema
from contracts.traps import trapped
from contracts.valid_values import look, valid_values

MOST_VALUES = 400
"""Values that are made of one schema: those of ordinary contracts are fewer."""

BASES = 6
"""Valid values that are spoilt, of each request and call."""

AT_ONCE = 8
"""Values of one request or call in a batch: about as many as a contract has invalid examples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forbidden:
    """One value that is sent."""

    name: str
    """The event, or the name of the call."""
    is_call: bool
    args: tuple[Any, ...]
    """As they are sent: the arguments of the event, or the one body of the call."""
    invalid: Invalid

    def __str__(self) -> str:
        return " ".join([self.name, *(json.dumps(one, ensure_ascii=True) for one in self.args)])


def forbidden(bundle: Bundle, seed: int) -> Iterator[Forbidden]:
    """All that is sent of a bundle, by turns over its requests and calls.

    Args:
        seed: which of the values of each come first, where not all are sent.
    """
    parts: list[Iterator[Forbidden]] = [_of_request(request, seed) for request in bundle.requests()]
    parts += [_of_call(call, seed) for call in bundle.calls.values() if call.body is not None and call.trigger is None]
    for turn in zip_longest(*parts):
        yield from (one for one in turn if one is not None)


def _of_request(request: Request, seed: int) -> Iterator[Forbidden]:
    form, several = request.form, _has_list(request)
    carried = None if form is None else form.document() if several else form.schemas[0]
    document = request.payload.document if carried is None else carried
    known = _answers(request)
    fits = fitting(len(form.schemas)) if form is not None and several else any_value
    answered = complete(len(form.schemas)) if form is not None and several else any_value
    written = [list(example.args) if isinstance(example, Fields) else [example] for example in request.examples.valid]
    bases = [args if several else args[0] for args in written if several or args]
    for broken in _shuffled(document, bases, f"{seed}/{request.event}"):
        if fits(broken.payload):
            args = tuple(broken.payload) if several else (broken.payload,)
            silent = broken.optional or not answered(broken.payload)
            yield _value(request, args, known, optional=silent)


def _has_list(request: Request) -> bool:
    """Whether the schema that is broken is that of its list of arguments, and not that of its one argument."""
    return request.form is not None and len(request.form.schemas) != 1


def _of_call(call: Call, seed: int) -> Iterator[Forbidden]:
    document = call.body.document if call.body is not None else {}
    known = _answers(call)
    for broken in _shuffled(document, call.examples.valid, f"{seed}/{call.name}"):
        yield _value(call, (broken.payload,), known, optional=broken.optional)


def _shuffled(document: dict[str, Any], written: Iterable[Any], seed: str) -> list[Broken]:
    """Values that a schema rejects: those that are unlike each other first, in an order that the seed decides."""
    bases = {look(value): value for value in (*written, *valid_values(document, BASES))}
    both = (*trapped(document, bases.values()), *invalid_values(document, bases.values(), MOST_VALUES))
    made = list({look(broken.payload): broken for broken in both}.values())
    turns: dict[tuple[str, str], int] = {}
    random.Random(seed).shuffle(made)  # noqa: S311 - chosen by a seed
    keyed: list[tuple[int, int, Broken]] = []
    for place, broken in enumerate(made):
        turn = turns[broken.path, broken.keyword] = turns.get((broken.path, broken.keyword), -1) + 1
        keyed.append((turn, place, broken))
    return [broken for _, _, broken in sorted(keyed, key=lambda one: one[:2])]


# --- one value -----------------------------------------------------------------------------------------------------

Clause: TypeAlias = tuple[str, str, str, str]
"""Where, the keyword, what is expected, and the kind of value that is there instead."""


def _schema(of: Request | Call) -> Schema:
    if isinstance(of, Request):
        return of.payload
    return of.body if of.body is not None else Schema({})


def _clause(schema: Schema, payload: Any) -> Clause | None:
    """The clause that a payload breaks; None where it breaks several."""
    problems = schema.problems(payload)
    if len(problems) != 1:
        return None
    one = problems[0]
    kind = "number" if one.got[:1] in "-0123456789" else one.got[:1]
    return one.path, one.keyword, one.expected, kind


def _answers(of: Request | Call) -> dict[Clause, Any]:
    """The answers that written examples document, by the clause that each breaks."""
    found: dict[Clause, Any] = {}
    for invalid in of.examples.invalid:
        clause = _clause(_schema(of), invalid.payload) if invalid.answer is not None else None
        if clause is not None:
            found[clause] = invalid.answer
    return found


def _value(of: Request | Call, args: tuple[Any, ...], known: dict[Clause, Any], *, optional: bool) -> Forbidden:
    """A value with its documented answer, where it has one.

    That is one that an example of the contract has which breaks the same clause in the same way, or `invalid_answer`.
    A service may ignore an optional field that is bad.
    """
    is_call = isinstance(of, Call)
    form = None if isinstance(of, Call) else of.form
    payload = form.fields(args) if form is not None else args[0] if args else None
    problem = _schema(of).explain(payload)
    clause = None if optional else _clause(_schema(of), payload)
    answer = None if optional else known.get(clause, of.invalid_answer) if clause is not None else of.invalid_answer
    invalid = Invalid(payload=payload, keyword=problem.keyword if problem is not None else "", answer=answer)
    return Forbidden(name=of.name if isinstance(of, Call) else of.event, is_call=is_call, args=args, invalid=invalid)


def value_of(bundle: Bundle, name: str, args: tuple[Any, ...]) -> Forbidden | None:
    """A value that somebody wrote; None where the contract allows it, or has no such event or call."""
    of: Request | Call | None = bundle.request(name) or bundle.calls.get(name)
    if of is None or (len(args) != 1 and not (isinstance(of, Request) and _has_list(of))):
        return None
    document = _schema(of).document
    value = _value(of, args, _answers(of), optional=False)
    if _schema(of).is_valid(value.invalid.payload):
        return None
    problem = _schema(of).explain(value.invalid.payload)
    top = re.split(r"[.\[]", problem.path)[0] if problem is not None else ""
    fields = document.get("properties", {})
    return _value(of, args, _answers(of), optional=top in fields and top not in document.get("required", ()))


def reduced(bundle: Bundle, value: Forbidden) -> Iterator[Forbidden]:
    """Smaller values of the same event or call that the contract forbids as well, the smallest first."""
    request = bundle.request(value.name)
    several = request is not None and not value.is_call and _has_list(request)
    for less in smaller(list(value.args) if several else value.args[0]):
        if several and not isinstance(less, list):
            continue
        made = value_of(bundle, value.name, tuple(less) if several else (less,))
        if made is not None and breaks_one(bundle, made):
            yield made


def breaks_one(bundle: Bundle, value: Forbidden) -> bool:
    """Whether a value is forbidden for one reason alone."""
    of: Request | Call | None = bundle.calls.get(value.name) if value.is_call else bundle.request(value.name)
    return of is not None and len(_schema(of).problems(value.invalid.payload)) == 1


# --- batches -------------------------------------------------------------------------------------------------------


def batches(values: Iterable[Forbidden]) -> list[list[Forbidden]]:
    """Values in batches of which none has more than a few of one request or call."""
    found: list[list[Forbidden]] = []
    counts: dict[tuple[bool, str], int] = {}
    for value in values:
        number = counts.get((value.is_call, value.name), 0)
        counts[value.is_call, value.name] = number + 1
        place = number // AT_ONCE
        while len(found) <= place:
            found.append([])
        found[place].append(value)
    return found


def with_invalid(bundle: Bundle, values: Sequence[Forbidden]) -> Bundle:
    """The contracts with these values as their only invalid examples."""

    def examples(of: Examples, name: str, *, is_call: bool) -> Examples:
        own = tuple(one.invalid for one in values if (one.name, one.is_call) == (name, is_call))
        return replace(of, invalid=own)

    events = dict(bundle.events)
    for name, event in events.items():
        if event.request is not None:
            request = replace(event.request, examples=examples(event.request.examples, name, is_call=False))
            events[name] = replace(event, request=request)
    calls = {
        name: replace(call, examples=examples(call.examples, name, is_call=True)) for name, call in bundle.calls.items()
    }
    return replace(bundle, events=events, calls=calls)
