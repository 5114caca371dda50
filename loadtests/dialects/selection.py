"""Which contracts a load plays, of all that were given."""

from __future__ import annotations

from conformance.support.errors import UsageError
from contracts.model import Bundle
from contracts.parts import parts_of
from loadtests.dialects.dialect import Dialect


def words_of(bundle: Bundle, *, has_users: bool = True, publish: str = "") -> Dialect:
    """The words of a bundle; where it has several namespaces or kinds of rooms, of the first that can be loaded.

    Args:
        has_users: whether a service knows sockets by users: each shows a token of its own.
        publish: the event or call that people write to each other by; the first that there is where it is empty.

    Raises:
        UsageError: none can; says why not.
    """
    reasons = []
    for part in parts_of(bundle):
        try:
            if part.namespace in bundle.namespaces:
                raise ValueError(f"load connects to one namespace, and {part.namespace} is a template")
            words = Dialect.of(part, has_users=has_users)
            return words.publishing(publish) if publish else words
        except ValueError as error:
            reasons.append(f"{part.part}: {error}" if part.part else str(error))
    raise UsageError("--contracts: " + "; ".join(reasons))
