"""What the readers of single forms need of the code that they are in; `typescript` has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from conformance.align.model import Claim, Direction, Kind, Origin, Payload, Place, Side
from conformance.align.scope import Scope

if TYPE_CHECKING:
    from tree_sitter import Node

    from conformance.align.vocabulary import Vocabulary


class Code(Protocol):
    """A text of code, read once."""

    text: str
    file: str
    origin: Origin
    nodes: list[Node]
    """All of its nodes, in the order of the text."""
    words: Vocabulary | None
    scope: Scope
    bases: dict[str, str]
    """The paths of the bases that clients of HTTP are given, by their variables."""
    taken: set[int]
    """Where the strings begin that claims were made of."""

    def place(self, node: Node) -> Place:
        """Where a node is, in the file."""

    def side_of(self, node: Node) -> Side | None:
        """Whose code a node is in; None where nothing in the code says it."""

    def claim(
        self, kind: Kind, subject: str, place: Place, how: str, *, direction: Direction | None = None,
        payload: Payload | None = None, listed: bool = False, query: Payload | None = None,
    ) -> Claim:  # fmt: skip
        """A claim of this text."""
