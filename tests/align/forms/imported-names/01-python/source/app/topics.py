POSITION = "location:broadcast"
GONE: str = "participant:left"
STATE = "sos:status:broadcast"
PRESENCE = "sos:presence"
