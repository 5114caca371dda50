"""A service of a case that is broken by null: `python -m tests.peers.fragile MODULE dies|cuts EVENT`.

Where null is anywhere in the arguments of the event, it ends the process, or every connection.
"""

import asyncio
import os
import runpy
import sys
from typing import Any

import socketio

MODULE, HOW, EVENT = sys.argv[1:4]
trigger = socketio.AsyncServer._trigger_event


def has_null(value: Any) -> bool:
    """Whether null is anywhere in a value."""
    if isinstance(value, dict):
        return any(map(has_null, value.values()))
    return value is None or (isinstance(value, list | tuple) and any(map(has_null, value)))


async def fragile(self: socketio.AsyncServer, event: str, namespace: str, *args: Any) -> Any:
    """Break on null; do what the service does otherwise."""
    if event == EVENT and has_null(args[1:]):
        if HOW == "dies":
            os._exit(1)
        await asyncio.gather(*(self.eio.disconnect(sid) for sid in list(self.eio.sockets)), return_exceptions=True)
        return None
    return await trigger(self, event, namespace, *args)


socketio.AsyncServer._trigger_event = fragile
sys.argv = [MODULE]
runpy.run_module(MODULE, run_name="__main__")
