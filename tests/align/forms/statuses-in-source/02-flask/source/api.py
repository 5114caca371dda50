from flask import Flask

app = Flask(__name__)


@app.route("/api/messages/<sos_id>", methods=["POST"])
def create(sos_id):
    if not content():
        return {"success": False, "error": "content"}, 400
    return {"success": True, "data": store(sos_id)}, ⟦call|200⟧


@app.route("/api/sos/<sos_id>/participants/<user_id>/leave", methods=["PATCH"])
def leave(sos_id, user_id):
    return "", 204
