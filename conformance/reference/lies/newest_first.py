"""Messages are listed from the newest."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Messages are listed from the newest."""

    caught_by = "pages-are-true"

    def page(self, sos: str, skip: int, limit: int) -> tuple[list[dict[str, Any]], int]:
        """List messages."""
        items, total = super().page(sos, skip, limit)
        return items[::-1], total
