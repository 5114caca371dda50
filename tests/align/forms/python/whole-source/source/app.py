import socketio

sio = socketio.AsyncServer()
for name in ("location:update", "message:history:request", "participants:active:request", "sos:init", "sos:close"):
    sio.on(name, handler)
sio.on("sos:room:join", join)
sio.on("sos:room:leave", leave)
sio.on("sos:status:update", update)
sio.on("message:typing:start", start)
sio.on("message:typing:stop", stop)
sio.emit("location:broadcast", d, room=r)
sio.emit("message:broadcast", d, room=r)
sio.emit("participant:joined:broadcast", d, room=r)
sio.emit("participant:left:broadcast", d, room=r)
sio.emit("sos:status:broadcast", d, room=r)
# whole: documented-event-is-in-source error
