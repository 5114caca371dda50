"""A text may be longer than documented."""

from conformance.reference.service import Service


class Lie(Service):
    """A text may be longer than documented."""

    caught_by = "bad-calls-are-refused"

    most_characters = 100_000
