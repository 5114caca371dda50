from flask_socketio import emit


def take(socketio):
    @socketio.on("pen:take")
    def taken(data):
        if "pen" not in data:
            emit("problem", {"code": "NO_PEN"})
        emit("pen:taken", {"room": data["room"], "pen": data["pen"]}, to=f"board:{data['room']}")
