from rt import names


async def typing(sio, sid, data):
    await sio.emit(names.TYPING, {"sosId": data["sosId"], "userId": sid, "displayName": data["displayName"]}, room=names.room_of(data["sosId"]), skip_sid=sid)
    await sio.emit(⟦ev|names.STOPPED⟧, {"sosId": data["sosId"], "userId": sid}, room=names.room_of(data["sosId"]), skip_sid=sid)
