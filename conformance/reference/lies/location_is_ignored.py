"""Location updates are ignored."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Location updates are ignored."""

    caught_by = "request-has-its-effect"

    def handlers(self) -> dict[str, Any]:
        """The requests that are handled."""
        return {name: handler for name, handler in super().handlers().items() if name != "location:update"}
