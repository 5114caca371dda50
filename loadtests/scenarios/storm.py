"""One room that everybody has joined: thousands of sockets, and every message goes to all of them."""

from __future__ import annotations

from loadtests.workload.option import Option
from loadtests.workload.rooms import Place
from loadtests.workload.scenario import Scenario as Base


class Scenario(Base):
    """Puts every socket into one hot room, and posts messages into it evenly."""

    options = (Option(name="storm-rate", default=1.0, help="Messages a second into the hot room, of each worker."),)

    def place(self) -> Place:
        """The one room."""
        if not self.places:
            self.places.append(self.opened(0, size=0))
        return self.places[0]

    async def drive(self, place: Place) -> None:
        """Post whenever a message is due."""
        await self.post(place, self.option("storm-rate"), evenly=True)
