import socketio

from .handlers import register_chat, register_places

sio = socketio.AsyncServer(async_mode="asgi")
app = socketio.ASGIApp(sio)
register_chat(sio)
register_places(sio)


@sio.on("sos:close")
async def close(sid, data):
    await sio.close_room(f"sos:{data['sosId']}")
