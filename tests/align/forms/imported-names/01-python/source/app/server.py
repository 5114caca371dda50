import time
from datetime import datetime, timezone

import socketio

from .topics import (
    GONE,
    POSITION,
    STATE as CHANGED,
)
from .redis_keys import PRESENCE

sio = socketio.AsyncServer()


@sio.on("sos:status:update")
async def status(sid, data):
    await sio.emit(
        CHANGED,
        {"sosId": data["sosId"], "status": data["status"], ⟦val|"timestamp": datetime.now(timezone.utc).isoformat()⟧},
        room=f"sos:{data['sosId']}",
    )


@sio.on("location:update")
async def position(sid, data):
    await sio.emit(
        ⟦fld|POSITION⟧,
        {
            "sosId": data["sosId"],
            "userId": sid,
            "latitude": data["latitude"],
            "longitude": data["longitude"],
            "timestamp": int(time.time() * 1000),
        },
        room=f"sos:{data['sosId']}",
    )


async def left(sos_id, user_id):
    await redis.hdel(PRESENCE, user_id)
    await sio.emit(⟦ev|GONE⟧, {"sosId": sos_id, "userId": user_id}, room=f"sos:{sos_id}")
