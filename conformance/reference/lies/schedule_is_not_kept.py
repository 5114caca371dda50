"""A status is said to be sent every half second, and is sent only when it changes."""

from collections.abc import Mapping
from typing import ClassVar

from conformance.reference.service import Service


class Lie(Service):
    """A status is said to be sent every half second, and is sent only when it changes."""

    caught_by = "scheduled-broadcast-comes-in-its-period"
    schedules_s: ClassVar[Mapping[str, float]] = {"sos:status:broadcast": 0.5}
