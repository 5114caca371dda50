import socketio

sio = socketio.AsyncServer(async_mode='asgi')


@sio.on('message:typing:start')
async def typing(sid, data):
    await sio.emit('message:typing:start', {'sosId': data['sosId'], 'userId': 'u', 'displayName': 'n'}, room=f"sos:{data['sosId']}", skip_sid=sid)


@sio.on('message:typing:stop')
async def stopped(sid, data):
    await sio.emit(⟦rcv|'message:typing:stop'⟧, {'sosId': data['sosId'], 'userId': 'u'}, room=f"sos:{data['sosId']}")


@sio.on('location:update')
async def moved(sid, data):
    await sio.emit('location:broadcast', data, room=f"sos:{data['sosId']}")
