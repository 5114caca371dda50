"""A created message is answered with 200."""

from typing import Any

from starlette.responses import Response

from conformance.reference.service import Service


class Lie(Service):
    """A created message is answered with 200."""

    caught_by = "calls-answer-as-documented"

    def done(self, data: Any, status: int = 200) -> Response:
        """Answer with 200."""
        return super().done(data, 200)
