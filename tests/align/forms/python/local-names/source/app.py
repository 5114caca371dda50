import socketio

sio = socketio.AsyncServer(async_mode="asgi")
payload = {"sosId": "1", "userId": "u"}


def room_of(sos_id):
    return f"sos:{sos_id}"


@sio.on("message:typing:start")
async def start(sid, data):
    payload = {"sosId": data["sosId"], "userId": data["userId"], "displayName": data["displayName"]}
    await sio.emit("message:typing:start", payload, room=room_of(data["sosId"]), skip_sid=sid)


@sio.on("message:typing:stop")
async def stop(sid, data):
    await sio.emit("message:typing:stop", payload, room=room_of(data["sosId"]), skip_sid=sid)


@sio.on("location:update")
async def move(sid, data):
    payload = {"sosId": data["sosId"], ⟦fld|"user": sid⟧, "latitude": 1.0, "longitude": 2.0, "accuracy": 3.0, "timestamp": 4}

    async def later():
        await sio.emit("location:broadcast", payload, room=room_of(data["sosId"]))

    await later()
