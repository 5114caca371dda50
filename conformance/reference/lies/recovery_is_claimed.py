"""Sessions are said to be recovered, and are not."""

from conformance.reference.service import Service


class Lie(Service):
    """Sessions are said to be recovered, and are not."""

    caught_by = "missed-events-are-replayed"
    recovers_within_s = 60.0
