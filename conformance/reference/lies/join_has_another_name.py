"""Joining is known by another name alone."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Joining is known by another name alone."""

    caught_by = "request-has-its-effect"

    def handlers(self) -> dict[str, Any]:
        """The requests that are handled."""
        known = super().handlers()
        known["room:join"] = known.pop("sos:room:join")
        return known
