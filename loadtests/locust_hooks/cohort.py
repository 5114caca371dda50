"""The Locust user: a cohort of sockets, which live in the worker's native thread. The greenlet only steers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from locust import User, constant, task

if TYPE_CHECKING:
    from loadtests.run.session import Session
    from loadtests.worker.client import VirtualClient


class Cohort(User):
    """So many sockets as `--sockets-per-user` says, of one scenario."""

    abstract = True
    scenario: ClassVar[str]
    """The name of its scenario."""
    # What happens, happens in the thread; a user that waits is one that Locust stops at once.
    wait_time = constant(10**9)

    def on_start(self) -> None:
        """Bring the sockets."""
        session: Session = self.environment.roomcheck
        self.members: list[VirtualClient] = []
        session.sockets.come(self.scenario, self.environment.parsed_options.sockets_per_user, self.members)

    def on_stop(self) -> None:
        """Close the sockets, even those that are still connecting."""
        self.environment.roomcheck.sockets.go(self.members)

    @task
    def live(self) -> None:
        """Nothing more is to be steered."""
