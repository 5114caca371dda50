"""The second page begins with the end of the first."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """The second page begins with the end of the first."""

    caught_by = "pages-are-true"

    def page(self, sos: str, skip: int, limit: int) -> tuple[list[dict[str, Any]], int]:
        """List messages."""
        return super().page(sos, max(0, skip - 1), limit)
