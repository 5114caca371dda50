"""The roster names other users than those who are there."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """The roster names other users than those who are there."""

    caught_by = "roster-is-true"

    def member(self, sid: str) -> dict[str, Any]:
        """Name somebody else."""
        return {**super().member(sid), "userId": "somebody-else"}
