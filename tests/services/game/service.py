"""A game on python-socketio: the handshake names the arena, states are binary, ticks may be lost, acks (err, data)."""

import asyncio
from typing import Any

import socketio

from tests.cases.serving import LIE, is_text, serve

TICK_S = 0.05


def is_place(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 100


class Arena:
    """The arenas: which each socket is in, and the ticks of each."""

    def __init__(self, sio: socketio.AsyncServer) -> None:
        self.sio = sio
        self.arena_of: dict[str, str] = {}
        self.ticks: dict[str, int] = {}
        self.ticking: asyncio.Task[None] | None = None
        sio.on("connect", self.connect)
        sio.on("disconnect", self.disconnect)
        sio.on("world:save", self.save)
        sio.on("step", self.step)
        sio.on("shout", self.shout)

    def room(self, sid: str) -> str:
        return "arena:all" if LIE == "one-arena-for-all" else f"arena:{self.arena_of[sid]}"

    async def connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        arena = auth.get("arena") if isinstance(auth, dict) else None
        if not isinstance(arena, str) or not arena:
            raise socketio.exceptions.ConnectionRefusedError("NO_ARENA")
        self.arena_of[sid] = arena
        self.ticks.setdefault(arena, 0)
        self.ticking = self.ticking or asyncio.create_task(self.tick())
        await self.sio.enter_room(sid, self.room(sid))

    async def disconnect(self, sid: str, reason: str = "") -> None:
        self.arena_of.pop(sid, None)

    async def tick(self) -> None:
        while True:
            await self.sio.sleep(TICK_S)
            for arena in list(self.ticks):
                self.ticks[arena] += 1
                await self.sio.emit("tick", {"arena": arena, "n": self.ticks[arena]}, to=f"arena:{arena}")

    async def save(self, sid: str, *args: Any) -> Any:
        state = args[0] if args else None
        if not isinstance(state, bytes) or not 1 <= len(state) <= 4096:
            return {"code": "BAD_STATE"}, None
        sent: Any = state[:2] if LIE == "states-are-cut" else state
        if LIE == "states-are-base64":
            sent = state.hex()
        await self.sio.emit("world", sent, to=self.room(sid))
        return None, {"bytes": len(state)}

    async def step(self, sid: str, *args: Any) -> Any:
        step = args[0] if args and isinstance(args[0], dict) else {}
        if not is_place(step.get("x")) or not is_place(step.get("y")):
            return {"code": "BAD_STEP"}, None
        told = {"x": step["x"], "y": step["y"], "player": sid}
        await self.sio.emit("stepped", told, to=self.room(sid), skip_sid=sid)
        place = {"x": step["x"], "y": step["y"]}
        return place if LIE == "acks-have-one-argument" else (None, place)

    async def shout(self, sid: str, *args: Any) -> Any:
        words = args[0] if args else None
        if not is_text(words) or len(words) > 500:
            return {"code": "BAD_WORDS"}, None
        await self.sio.emit("shouted", words, to=self.room(sid))
        return None, True


if __name__ == "__main__":
    serve(Arena, async_handlers=False)
