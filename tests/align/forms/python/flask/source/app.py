from flask import Flask
from flask_socketio import SocketIO, emit, join_room, leave_room

app = Flask(__name__)
socketio = SocketIO(app)


@socketio.on("connect")
def connected():
    pass


@socketio.on("sos:room:join")
def join(data):
    join_room(f"sos:{data['sosId']}")
    emit("⟦ret|message:new⟧", data, room=f"sos:{data['sosId']}")


@socketio.on("sos:room:leave")
def leave(data):
    leave_room(⟦room|"sos_%s" % data["sosId"]⟧)
    emit("participant:left:broadcast", {"sosId": data["sosId"], "userId": "u"}, to=f"sos:{data['sosId']}")


@app.route("/api/messages/<sos_id>", methods=["POST"])
def create(sos_id):
    socketio.emit("sos:status:broadcast", {"sosId": sos_id, "status": ⟦val|"over"⟧, "timestamp": 1}, to=f"sos:{sos_id}")


@app.route(⟦call|"/api/messages/<sos_id>"⟧, methods=["PUT"])
def change(sos_id):
    return {}
