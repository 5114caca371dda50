import socketio

sio = socketio.Server()


@app.on_event("startup")
def start(): ...


@bus.on("sos:tick")
def tick(): ...


@sio.on("sos:init")
def init(sid, data):
    redis.set("sos:rooms", 1)
    logger.info("sos:init done")


@sio.on("*")
def anything(event, sid, data): ...


@sio.event
def disconnect(sid): ...
