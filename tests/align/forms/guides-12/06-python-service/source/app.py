"""Realtime service with FastAPI and python-socketio."""
import socketio
from fastapi import FastAPI, Depends

app = FastAPI()
sio = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins="*")
asgi = socketio.ASGIApp(sio, app)

ROOM = "sos:{}"
EVENTS = {"joined": "participant:joined:broadcast", "left": "participant:left:broadcast", "where": "⟦ev|location:brodcast⟧"}
CACHE_KEY = "sos:cache:{}"


def room(sos_id: str) -> str:
    return f"sos:{sos_id}"


@sio.event
async def connect(sid, environ, auth):
    logger.info("sos:connect %s", sid)


@sio.on("sos:room:join")
async def join(sid, data):
    await sio.enter_room(sid, room(data["sosId"]))
    await sio.emit(EVENTS["joined"], {"sosId": data["sosId"], "userId": sid, "userType": "citizen", "displayName": "x"}, room=room(data["sosId"]), skip_sid=sid)
    return {"ok": True}


@sio.on("sos:room:leave")
async def leave(sid, data):
    await sio.leave_room(sid, ⟦room|f"sos-{data['sosId']}"⟧)


@sio.on("⟦dir|location:broadcast⟧")
async def moved(sid, data):
    await sio.emit("location:broadcast", {**data, "userId": sid, "timestamp": now()}, room=room(data["sosId"]))


@sio.on("sos:status:update")
async def status(sid, data):
    await sio.emit("sos:status:broadcast", {"sosId": data["sosId"], "status": data["status"], "timestamp": now()}, room=room(data["sosId"]))


@app.post("/api/messages/{sos_id}", status_code=201)
async def create(sos_id: str, body: NewMessage, user=Depends(current)):
    message = await store(sos_id, body, user)
    await redis.publish("sos:messages", message.json())
    await sio.emit("message:broadcast", message.dict(), room=room(sos_id))
    return {"success": True, "data": message}


@app.get("/api/messages/{sos_id}")
async def history(sos_id: str, skip: int = 0, limit: int = 20):
    return await page(sos_id, skip, limit)
