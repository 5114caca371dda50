"""Updates above a rate are said to be dropped, and are broadcast."""

from conformance.reference.service import Service


class Lie(Service):
    """Updates above a rate are said to be dropped, and are broadcast."""

    caught_by = "events-above-the-limit-end-as-documented"
    limits = ({"events": ["sos:status:update"], "per_s": 5, "then": "dropped", "source": "the lie"},)
