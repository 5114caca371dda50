"""The total is that of the page."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """The total is that of the page."""

    caught_by = "pages-are-true"

    def page(self, sos: str, skip: int, limit: int) -> tuple[list[dict[str, Any]], int]:
        """List messages."""
        items, _ = super().page(sos, skip, limit)
        return items, len(items)
