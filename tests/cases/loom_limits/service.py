"""A loom with limits, as its guide says: of all events, of one that is dropped, one that is refused, and of sizes."""

import time
from collections import defaultdict, deque
from functools import partial
from typing import Any

import socketio

from tests.cases.serving import LIE, has, serve

MOST = {"": 20, "thread:pull": 6, "weft:count": 4} | ({"": 12} if LIE == "hangs-up-sooner" else {})
MOST_BYTES = {"sizes-are-smaller": 10_000, "sizes-are-larger": 100_000}.get(LIE, 20_000)


class Loom:
    """Who sent how many events in the last second, and how many threads there are."""

    def __init__(self, sio: socketio.AsyncServer) -> None:
        self.sio = sio
        self.sent: dict[tuple[str, str], deque[float]] = defaultdict(deque)
        self.threads: dict[str, int] = defaultdict(int)

    def is_too_much(self, sid: str, name: str) -> bool:
        """Whether another event within the last second is above the limit; what is above it is not counted."""
        sent, now_s = self.sent[sid, name], time.monotonic()
        while sent and sent[0] < now_s - 1:
            sent.popleft()
        if len(sent) >= MOST[name]:
            return True
        sent.append(now_s)
        return False

    async def on_event(self, name: str, sid: str, payload: Any = None) -> Any:
        """Count the event, and handle it unless there are too many."""
        if self.is_too_much(sid, ""):
            if LIE != "haste-is-forgiven":
                await self.sio.disconnect(sid)
            return self.sio.not_handled
        if not has(payload, "loom"):
            await self.sio.emit("refused", {"why": "no loom"}, to=sid)
            return self.sio.not_handled
        return await getattr(self, name.replace(":", "_"))(sid, payload["loom"], payload)

    async def loom_sit(self, sid: str, loom: str, payload: Any) -> Any:
        await self.sio.enter_room(sid, f"loom:{loom}")
        return {"loom": loom}

    async def weft_count(self, sid: str, loom: str, payload: Any) -> Any:
        if self.is_too_much(sid, "weft:count"):
            if LIE != "counts-no-more":
                await self.sio.emit("refused", {"why": "too many questions"}, to=sid)
            return self.sio.not_handled
        return {"loom": loom, "count": self.threads[loom]}

    async def thread_pull(self, sid: str, loom: str, payload: Any) -> Any:
        if not has(payload, "colour"):
            await self.sio.emit("refused", {"why": "no colour"}, to=sid)
        elif not self.is_too_much(sid, "thread:pull") or LIE == "threads-never-end":
            self.threads[loom] += 1
            await self.sio.emit("thread:pulled", {"loom": loom, "colour": payload["colour"]}, to=f"loom:{loom}")
        return self.sio.not_handled

    async def word_call(self, sid: str, loom: str, payload: Any) -> Any:
        if not has(payload, "words"):
            await self.sio.emit("refused", {"why": "no words"}, to=sid)
        else:
            await self.sio.emit("word:called", {"loom": loom, "words": payload["words"]}, to=f"loom:{loom}")
        return self.sio.not_handled


def made(sio: socketio.AsyncServer) -> None:
    """Give the server its handlers."""
    loom = Loom(sio)
    for name in ("loom:sit", "weft:count", "thread:pull", "word:call"):
        sio.on(name, partial(loom.on_event, name))


if __name__ == "__main__":
    serve(made, max_http_buffer_size=MOST_BYTES, async_handlers=False)
