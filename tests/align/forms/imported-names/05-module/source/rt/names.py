TYPING = "message:typing:start"
STOPPED = ⟦ev|"message:typing:stopped"⟧


def room_of(sos_id):
    return f"sos:{sos_id}"
