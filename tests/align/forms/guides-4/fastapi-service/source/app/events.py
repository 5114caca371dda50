from enum import Enum


class Events(str, Enum):
    JOIN = "sos:room:join"
    MESSAGE = "message:broadcast"
    LEFT = "⟦ev|participant:left:brodcast⟧"


REDIS_PREFIX = "sos:cache"


def room_for(sos_id: str) -> str:
    return f"sos:{sos_id}"
