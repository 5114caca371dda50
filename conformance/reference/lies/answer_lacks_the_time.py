"""The answer to a creation has no createdAt."""

from typing import Any

from starlette.responses import Response

from conformance.reference.service import Service


class Lie(Service):
    """The answer to a creation has no createdAt."""

    caught_by = "calls-answer-as-documented"

    def done(self, data: Any, status: int = 200) -> Response:
        """Leave the time away."""
        kept = {name: value for name, value in data.items() if name != "createdAt"} if status == 201 else data
        return super().done(kept, status)
