"""skip does nothing."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """skip does nothing."""

    caught_by = "pages-are-true"

    def page(self, sos: str, skip: int, limit: int) -> tuple[list[dict[str, Any]], int]:
        """List messages."""
        return super().page(sos, 0, limit)
