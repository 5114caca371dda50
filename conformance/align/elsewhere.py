"""Names of rooms and topics that belong to other systems than the service, by the words around them. Pure."""

from __future__ import annotations

import re

PRODUCTS = re.compile(
    r"\b(?:slack|discord|ms\s+teams|microsoft\s+teams|mattermost|rocket\.?chat|jitsi|zoom|webex|google\s+meet|matrix|"
    r"livekit|agora|twilio|janus|mediasoup|fcm|apns?|firebase|onesignal|pusher|s3|minio|gcs|github|gitlab|jira|grafana|sentry|"
    r"opentelemetry|jaeger|datadog|new\s*relic|splunk|pager-?duty|opsgenie|segment|amplitude|mixpanel|hotjar|intercom|zendesk|"
    r"airflow|temporal|celery|sidekiq|bullmq|dynamodb|mongodb|postgres(?:ql)?|docker|kubernetes|k8s|helm|terraform|elasticsearch|opensearch|kibana)\b",
    re.IGNORECASE,
)
"""Products that have rooms, channels or topics of their own."""
THINGS = re.compile(
    r"\b(?:topics?|buckets?|attributes?|collapse\s+ids?|branch(?:es)?|folders?|director(?:y|ies)|file\s*names?|"
    r"labels?|queues?|streams?|exchanges?|routing\s+keys?|keys?|index(?:es)?|hosts?|host\s*names?|pods?|containers?|spans?|"
    r"prefix(?:es)?|tags?|cookies?|slugs?|anchors?|css|hàng\s+đợi|khoá|khóa)\b",
    re.IGNORECASE,
)
"""Things that are no rooms."""
SOCKETS = re.compile(
    r"\b(?:sockets?(?:\.io|['’]s)?|realtime|real-time|websockets?|join(?:s|ed|ing)?|emit(?:s|ted)?|broadcasts?|broadcasting|members?|"
    r"adapter)\b",
    re.IGNORECASE,
)
"""What is said of the rooms of sockets."""
ROOMS = re.compile(r"\b(?:rooms?|phòng|räume|raum|salons?|salas?)\b", re.IGNORECASE)


def is_of_a_product(sentence: str) -> bool:
    """Whether a sentence speaks of a product that has names of its own, and not of sockets."""
    return PRODUCTS.search(sentence) is not None and SOCKETS.search(sentence) is None


def is_a_room_of(sentence: str) -> bool:
    """Whether a sentence or a row speaks of a name of another system, and not of a room of sockets."""
    if SOCKETS.search(sentence):
        return False
    if PRODUCTS.search(sentence):
        return True
    return THINGS.search(sentence) is not None and ROOMS.search(sentence) is None
