import socketio

sio = socketio.AsyncServer(async_mode="asgi")


@sio.event
async def connect(sid, environ, auth):
    pass


@sio.on("sos:room:join")
async def join(sid, data):
    await sio.enter_room(sid, f"sos:{data['sosId']}")
    await sio.emit("participant:joined:broadcast", {"sosId": data["sosId"], "userId": uid, "userType": "citizen", "displayName": name}, room=f"sos:{data['sosId']}")


@sio.on("⟦ev|location:updates⟧")
async def location(sid, data):
    await sio.emit(⟦rcv|"location:broadcast"⟧, {"sosId": s, "userId": u, "latitude": 1.0, "longitude": 2.0, "accuracy": 3, ⟦fld|"timestmp": 4⟧}, room=f"sos:{s}", skip_sid=sid)
    await sio.emit("error", {"code": "X", "message": "m"}, to=sid)
    await sio.enter_room(sid, ⟦room|"sos-" + s⟧)
