import socketio

EVENT_STATUS = "sos:status:broadcast"


class Events:
    JOIN = "sos:room:join"
    OLD = "⟦ret|message:new⟧"


class Sos(socketio.AsyncNamespace):
    async def on_connect(self, sid, environ):
        pass

    async def on_error(self, sid, data):
        await self.emit(EVENT_STATUS, {"sosId": "x", "status": "active", "timestamp": 1}, room=room_of(data))


def room_of(data):
    return f"sos:{data['sosId']}"


sio.register_namespace(Sos("/"))
sio.on(Events.JOIN, handler=join)
