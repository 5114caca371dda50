"""How labels above an object speak of an answer, or of one of the items of a list. Pure."""

from __future__ import annotations

import re

ACKED = re.compile(
    r"(?:and\s+|then\s+)?(?:the\s+|its\s+|your\s+)?(?:server(?:'s)?\s+)?(?:acks?|acknowledge?ments?|callbacks?|repl(?:y|ies)|answers?|responses?)"
    r"(?:\s+(?:gets|is|payload|data|body|object|looks\s+like(?:\s+this)?|will\s+be|then|comes\s+back|example|shape|\(ack\)|\(callback\)))*"
    r"|(?:the\s+)?server\s+(?:acks|acknowledges|answers|replies|responds)(?:\s+with)?|which\s+is\s+(?:acknowledged|answered)\s+with|"
    r"(?:phản\s+hồi|trả\s+về|ack\s+trả\s+về|antwort|réponse|respuesta|resposta|risposta)",
    re.IGNORECASE,
)
"""A label of an answer that does not name what it answers."""
OF_AN_ELEMENT = re.compile(
    r"\b(?:one|each|every|an?|a\s+single|such\s+an?|the\s+first|mỗi|một|jeder|jedes|ein|chaque|cada|ogni|elk)\s+(?:\w+\s+)?"
    r"(?:entry|entries|element|item|row|record|member|phần\s+tử|dòng|mục|eintrag|element|entrée|élément|elemento|entrada|fila)\b"
    r"[^.!?]{0,60}[:：]\s*[*_]*$|"
    r"\b(?:one|each|every|a\s+single|the\s+first)\s+\w+\s+(?:of|from|in|on)\s+(?:the|that|this)\s+"
    r"(?:page|list|array|answer|response|history|ack)\b[^.!?]{0,40}[:：]\s*[*_]*$",
    re.IGNORECASE,
)
"""A label of one of what a list has: `One entry looks like this:`."""
