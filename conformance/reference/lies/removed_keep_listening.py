"""Who is removed goes on hearing the room."""

from conformance.reference.service import Service


class Lie(Service):
    """Who is removed goes on hearing the room."""

    caught_by = "nothing-after-removal"

    async def put_out(self, sos: str, user: str) -> None:
        """Do nothing."""
