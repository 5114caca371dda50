"""A user of Locust that is one socket, and whose tasks people write themselves."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import gevent
from locust import User
from locust.env import Environment
from locust.exception import StopUser

from loadtests.ledger.publication import Publication, Room
from loadtests.worker.steered import Received
from loadtests.worker.wire.failures import Failed
from loadtests.workload.steps import Steps

if TYPE_CHECKING:
    from loadtests.run.session import Session

T = TypeVar("T")

NOTHING: Mapping[str, Any] = {}

WAIT_S = 5.0
"""How long what has to come is waited for by default: as long as a delivery may take before it is lost."""


class RoomcheckUser(User):
    """One socket. What its tasks publish is in the ledger: every delivery that it causes is accounted for.

    It connects when it starts, and is closed when it ends. Once the run ends a task waits
    in its next step until Locust stops it.
    """

    abstract = True
    part: ClassVar[str] = ""
    """Of contracts with several namespaces or kinds of rooms the one that it plays, such as `/pilots ship`. Where it is
    empty, that is the first of those that the run plays."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self._steps: Steps | None = None

    # --- what tasks do ---------------------------------------------------------------------------------------

    def join(self, room: str = "", *, room_id: str = "", by: str = "") -> bool:
        """Enter a room, and make sure of it; whether this is a member now.

        Args:
            room: a name of your own for it, by which others join it; without one the next of `--room-size` members.
            room_id: its id, where it is one that there is already.
            by: the event that enters it, where the contracts have several.
        """
        return self._do(lambda steps: steps.join(room, room_id, by))

    def leave(self, room: str = "", *, by: str = "") -> bool:
        """Leave a room; whether that was shown.

        Args:
            room: as it was joined; the only one where it is left out.
            by: an event after which nothing is asked any more, such as one that closes the room.
        """
        return self._do(lambda steps: steps.leave(room, by))

    def emit(self, event: str, fields: Mapping[str, Any] = NOTHING, *, room: str = "") -> Sent | None:
        """Emit an event of the contracts, with a valid example of its payload.

        Args:
            fields: what is sent in place of values of the example.
            room: as it was joined; the only one where it is left out.

        Returns:
            What was published, where the ledger accounts for its deliveries; None for any other event, and for what was
            not sent: without a connection, or above a limit of the contracts.

        Raises:
            ValueError: the payload breaks its contract, a field carries the mark, or no contract has the event.
        """
        publication = self._do(lambda steps: steps.emit(event, fields, room))
        return Sent(self, publication) if publication is not None else None

    def post(self, fields: Mapping[str, Any] = NOTHING, *, call: str = "", room: str = "") -> Sent | None:
        """Publish by an HTTP call of the contracts, once it is answered.

        Args:
            call: as its contract names it (`POST /api/messages/:id`); the first that can be published by, without.

        Raises:
            ValueError: as of `emit`.
        """
        publication = self._do(lambda steps: steps.post(fields, call, room))
        return Sent(self, publication) if publication is not None else None

    def call(self, event: str, fields: Mapping[str, Any] = NOTHING, *, room: str = "") -> Any:
        """Emit a request that is answered by an ack or by a named event; the answer.

        Raises:
            Failed: no answer came.
            ValueError: as of `emit`; or nothing answers it.
        """
        return self._do(lambda steps: steps.call(event, fields, room))

    def wait_for(
        self, event: str, fields: Mapping[str, Any] = NOTHING, *, timeout_s: float = WAIT_S
    ) -> Received | None:
        """The first event of that name that has come since this user's last step; None where none comes in time.

        Args:
            fields: values that its payload has.
        """
        return self._do(lambda steps: steps.client.next_of(event, fields, timeout_s))

    @property
    def name(self) -> str:
        """The name of the user behind the socket, for which its token is."""
        return self._steps.client.user if self._steps is not None else ""

    # --- Locust ----------------------------------------------------------------------------------------------

    def on_start(self) -> None:
        """Locust: connect. Where a class of yours has another `on_start`, its first step connects."""
        self._do(lambda steps: steps.here())

    def _begun(self) -> Steps:
        """What takes the steps of this user, from its first on."""
        session = self._session
        found = session.sockets.steered(type(self).__name__, self.part) if self._steps is None else None
        if found is not None:
            self._steps = Steps(*found, shared=session.state.worker)
            # However the user ends: `on_stop` may be yours.
            gevent.getcurrent().link(lambda _: session.sockets.go([found[0]]))
            session.sockets.ask(self._steps.connect)
        if self._steps is None:
            raise StopUser
        return self._steps

    @property
    def _session(self) -> Session:
        session: Session = self.environment.roomcheck
        return session

    def _do(self, step: Callable[[Steps], Coroutine[Any, Any, T]]) -> T:
        """Have the socket's thread take a step; once the run ends nothing is done any more."""
        steps, session = self._begun(), self._session
        if not steps.over:
            try:
                made = session.sockets.ask(lambda: step(steps))
            except Failed:
                if not steps.over:
                    raise
            else:
                if not steps.over:
                    return made
        # What was published is still on its way: the socket stays until Locust stops this user.
        session.state.over.wait()
        raise StopUser


class Sent:
    """Something that was published."""

    def __init__(self, user: RoomcheckUser, publication: Publication) -> None:
        self._user = user
        self._publication = publication

    def wait(self, timeout_s: float = WAIT_S) -> bool:
        """Whether every member that it is owed to receives it within that time; one that leaves is owed nothing."""
        return self._user._do(lambda steps: steps.client.arrives(self._publication, timeout_s))

    @property
    def room(self) -> Room:
        """The room that it was published in."""
        return self._publication.room
