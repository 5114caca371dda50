"""Other names by which a service may know an event: the forms in which the same words are written."""

from __future__ import annotations

import re

from contracts.model import Bundle

SYNONYMS = {
    "join": ("enter", "subscribe"),
    "leave": ("exit", "unsubscribe"),
    "request": ("get", "fetch"),
    "update": ("set", "change"),
    "start": ("begin",),
    "stop": ("end",),
    "init": ("start", "open"),
    "close": ("end",),
}
"""Words that names of rooms and messages use for one another; each way of writing is tried with them."""

MOST_NAMES = 24
"""Names tried for one ignored request: each costs a socket or two."""


def alternatives(bundle: Bundle, event: str) -> tuple[str, ...]:
    """Names like an event's, the likeliest first, none of them documented: separators, case, order, synonyms."""
    words = [word for word in re.split(r"[^A-Za-z0-9]+", event) if word]
    forms: list[list[str]] = [words]
    if len(words) > 1:
        forms += [words[1:], list(reversed(words[1:])), words[:-1]]
    for place, word in enumerate(words):
        forms += [[*words[:place], other, *words[place + 1 :]] for other in SYNONYMS.get(word.lower(), ())]
    made = [
        name
        for form in forms
        for name in (
            ":".join(form),
            "-".join(form),
            "_".join(form),
            ".".join(form),
            form[0] + "".join(word.capitalize() for word in form[1:]),
            ":".join(form).upper(),
        )
    ]
    return tuple(name for name in dict.fromkeys(made) if name not in bundle.events)[:MOST_NAMES]
