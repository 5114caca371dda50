"""Which contracts a load plays, of all that were given."""

from __future__ import annotations

import random
from dataclasses import replace

from conformance.support.errors import UsageError
from contracts.ids import choices, drawn
from contracts.model import Bundle
from contracts.parts import parts_of
from loadtests.dialects.dialect import Dialect


def words_of(bundle: Bundle, *, has_users: bool = True, publish: str = "", wanted: str = "") -> Dialect:
    """The words of a bundle; where it has several namespaces or kinds of rooms, of the first that can be loaded.

    Args:
        has_users: whether a service knows sockets by users: each shows a token of its own.
        wanted: which part of the contracts, by a namespace, a kind of rooms, or both; without, the first that can be.
        publish: the event or call that people write to each other by; the first that there is where it is empty.

    Raises:
        UsageError: none can; says why not.
    """
    reasons, found = [], list[Dialect]()
    parts = parts_of(bundle)
    if wanted and wanted not in (names := [part.part for part in parts]):
        told = ", ".join(map(repr, filter(None, names)))
        expected = f"expected one of {told}" if told else "the contracts have one namespace and one kind of rooms"
        raise UsageError(f"--part: there is no part {wanted!r}; {expected}")
    for part in parts if not wanted else [part for part in parts if part.part == wanted]:
        try:
            words = Dialect.of(
                replace(part, namespace=_namespace(bundle, part.namespace)),
                has_users=has_users,
                beside=tuple(one.room for one in parts if one.namespace == part.namespace and one is not part),
            )
            found.append(words.publishing(publish) if publish else words)
        except ValueError as error:
            reasons.append(f"{part.part}: {error}" if part.part else str(error))
    if found:  # One whose deliveries can be accounted for, where there is one.
        return min(found, key=lambda words: bool(words.unaccounted))
    raise UsageError(("--publish: " if publish else "--contracts: ") + "; ".join(reasons))


def _namespace(bundle: Bundle, name: str) -> str:
    """A namespace; of a template one of those that it stands for, the same each time.

    Raises:
        ValueError: no id can be made that keeps its schema.
    """
    if name not in bundle.namespaces:
        return name
    begin, _, rest = name.partition("{")
    schema = bundle.namespaces[name]
    listed = choices(schema)
    subject = listed[0] if listed else drawn(schema, random.Random(name))  # noqa: S311 - no secret
    if subject is None:
        raise ValueError(f"no id can be made that keeps the schema of {name}")
    return f"{begin}{subject}{rest.partition('}')[2]}"
