"""Clients are said to answer each status, and are not asked to."""

from collections.abc import Mapping
from typing import Any, ClassVar

from conformance.reference.service import Service


class Lie(Service):
    """Clients are said to answer each status, and are not asked to."""

    caught_by = "event-asks-for-its-answer"
    asks_for: ClassVar[Mapping[str, Any]] = {"sos:status:broadcast": {"seen": True}}
