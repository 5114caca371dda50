"""A locustfile as people write one: users who join a room, write, and wait for what comes of it."""

from locust import constant_pacing, task

from loadtests.user import RoomcheckUser


class Writer(RoomcheckUser):
    """Writes into the lobby, over HTTP and by events."""

    wait_time = constant_pacing(0.3)

    def on_start(self) -> None:
        """Everybody meets in one room."""
        assert self.join("lobby")

    @task(2)
    def write(self) -> None:
        """Post a message, and wait until everybody has it."""
        sent = self.post({"priority": "high"})
        assert sent is None or sent.wait()

    @task
    def move(self) -> None:
        """Emit a location, and wait for what the others see of it."""
        self.emit("location:update", {"accuracy": 3.5})
        assert self.wait_for("location:broadcast", {"accuracy": 3.5})

    @task
    def look(self) -> None:
        """Ask who is there."""
        assert self.call("participants:active:request")["participants"]
