import socketio
from fastapi import APIRouter, FastAPI

from app.events import Events, room_for

sio = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins="*")
app = FastAPI()
router = APIRouter(prefix="/api/messages")
asgi = socketio.ASGIApp(sio, app)


@router.post("/{sos_id}", status_code=201)
async def create(sos_id: str, body: dict):
    message = {"id": "1", "sosId": sos_id, "senderType": "citizen", "senderId": None, "senderDisplayName": "a",
               "contentType": "text", "content": "x", "createdAt": "2025-12-27T10:00:00.000Z"}
    await sio.emit(Events.MESSAGE, message, room=room_for(sos_id))
    return {"success": True}


@sio.event
async def connect(sid, environ, auth):
    logger.info("socket:connected")


@sio.on(Events.JOIN)
async def join(sid, data):
    sio.enter_room(sid, room_for(data["sosId"]))


@sio.on("location:update")
async def location(sid, data):
    payload = {**data, "userId": sid, "timestamp": 1}
    await sio.emit("⟦ev|location:broadcasts⟧", payload, room=f"sos:{data['sosId']}")
    await sio.emit("error", {"code": "X", ⟦fld|"msg": "m"⟧}, to=sid)


app.include_router(router)
