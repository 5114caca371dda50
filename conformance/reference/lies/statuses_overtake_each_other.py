"""Every second status is broadcast a moment late, and the next overtakes it."""

from conformance.reference.lies import messages_overtake_each_other


class Lie(messages_overtake_each_other.Lie):
    """Every second status is broadcast a moment late, and the next overtakes it."""

    late = "sos:status:broadcast"
