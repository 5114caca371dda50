"""Every second status is kept back until the next one has overtaken it."""

from conformance.reference.lies import messages_overtake_each_other


class Lie(messages_overtake_each_other.Lie):
    """Every second status is kept back until the next one has overtaken it."""

    late = "sos:status:broadcast"
