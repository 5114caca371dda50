import time


@sio.on("participants:active:request")
async def roster(sid, data):
    people = members(data["sosId"])
    return {"sosId": data["sosId"], ⟦fld|"users": people⟧, "count": len(people), "timestamp": int(time.time() * 1000)}


@sio.on("message:history:request")
async def history(sid, data):
    return {"hint": "GET /api/messages/:sosId"}


@sio.on("sos:room:join")
async def join(sid, data):
    await sio.enter_room(sid, f"sos:{data['sosId']}")
    return {"ok": True}
