import socketio


class Pens(socketio.AsyncNamespace):
    async def on_connect(self, sid, environ):
        pass


def register(sio):
    @sio.on("pen:take")
    async def take(sid, data):
        await sio.emit("pen:taken", {"room": data["room"], "pen": data["pen"]}, room=f"board:{data['room']}")
