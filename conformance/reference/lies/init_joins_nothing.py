"""Opening an SOS does not join its room."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Opening an SOS does not join its room."""

    caught_by = "request-has-its-effect"

    def handlers(self) -> dict[str, Any]:
        """The requests that are handled."""
        return {name: handler for name, handler in super().handlers().items() if name != "sos:init"}
