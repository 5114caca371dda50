import time
import socketio

sio = socketio.AsyncServer(async_mode="asgi")


@sio.on("participants:active:request")
async def active(sid, data):
    people = [{"userId": u, "socketId": s, "connectedAt": at} for s, u, at in await seen(data["sosId"])]
    return {"sosId": data["sosId"], "participants": people, "count": len(people), "timestamp": int(time.time() * 1000)}


@sio.on("sos:status:update")
async def status(sid, data):
    change = {"sosId": data["sosId"], "status": data["status"], "timestamp": int(time.time() * 1000)}
    await sio.emit("sos:status:broadcast", change, room=f"sos:{data['sosId']}")
