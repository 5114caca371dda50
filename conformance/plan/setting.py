"""What a plan is made from: contracts, ids that nobody used before, and chances that a seed decides."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from conformance.model.ids import FORMS, Form, drawn
from conformance.plan.id_book import IdBook
from conformance.support.template import PLACEHOLDER
from contracts.model import Bundle
from contracts.room import Room


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a plan is made from.

    `seed` chooses values; `nonce` makes room ids fresh, so that a second run never meets the first's data.
    """

    bundle: Bundle
    nonce: str
    """Of the round."""
    run: str = ""
    """The nonce of the whole run, by which its ids of digits are known."""
    round_number: int = 0
    id_forms: tuple[Form, ...] = FORMS
    """The forms of ids that are tried besides `RC-...`."""
    seed: int = 0
    nodes: int = 1
    """How many nodes the target has."""
    calls_at_nodes: bool = False
    """Whether the HTTP API is at each of them, and not in one place of its own."""
    token_places: int = 1
    """In how many places of a handshake the target takes tokens."""
    others: tuple[Bundle, ...] = ()
    """The other parts of the contracts."""
    book: IdBook = field(default_factory=IdBook)
    """The ids of the run that are made by the schemas of contracts."""

    def named(self, act: str, label: str) -> str:
        """An id of the usual form that nobody used before; the contract may not allow it."""
        return f"RC-{self.nonce}-{act}-{label}"

    def has_ids_for(self, act: str) -> bool:
        """Whether there were as many ids as an act has asked for, so that each of its rooms is another."""
        return self.named(act, "") not in self.book.short

    def namespace_id(self, act: str) -> str | None:
        """The id in the name of the namespace that an act is in; None where the name has none."""
        template = self.bundle.namespace
        schema = self.bundle.namespaces.get(template)
        if schema is None:
            return None
        kind = Room(template=template, key="", source="", kind=template, id=schema)
        usual = f"rc-{self.nonce}-{act}"
        return usual if kind.takes(usual) else self.book.made(kind, usual, "", self.chance("namespace", usual))

    def namespace(self, act: str) -> str:
        """The namespace that an act is in: a fresh one where its name has an id."""
        own = self.namespace_id(act)
        template = self.bundle.namespace
        return template if own is None else PLACEHOLDER.sub(own, template)

    def room(self, act: str, label: str) -> str:
        """A room id that nobody used before, and that the contract allows."""
        usual, room = self.named(act, label), self.bundle.room
        return usual if room.takes(usual) else self.book.made(room, self.named(act, ""), label, self.chance(usual))

    @property
    def number(self) -> int:
        """What stands in place of an id that is a number."""
        return drawn(self.run).number(self.round_number)

    def chance(self, *names: str) -> random.Random:
        """A source of choices that depends on the seed and these names alone."""
        return random.Random(  # noqa: S311 - values for tests, chosen by a seed
            "/".join((str(self.seed), *names))
        )
