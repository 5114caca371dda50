"""Words, examples and what only Roomcheck reads may change.

Summaries, sources, titles, versions, descriptions in schemas, examples, the fields that carry free text, roles of
calls, and triggers are no matter of services and clients. A change of them is safe, and is told so that a new version
is not without a reason.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.diff.model import Change
from conformance.diff.pairing import Both, Pair
from conformance.diff.told import SAFE, change, differ

CLAUSE = "What nobody's program reads may change."
KEYS = {
    "bundle": "bundle title version summary source", "bundle.room": "source", "roomKind": "source",
    "bundle.namespaces": "source", "bundle.limits": "source", "bundle.recovery": "source", "bundle.refusal": "source",
    "event": "summary source", "client_to_server": "texts examples", "server_to_client": "examples",
    "reply": "examples", "examples": "valid invalid", "invalid": "payload keyword", "answer": "examples",
    "answers": "valid invalid", "retired": "stand_in", "retired.stand_in": "call",
    "http": "summary source role texts examples",
    "triggers": "triggers summary source calls events", "trigger": "method url headers needs body values status",
}  # fmt: skip
WORDS = ("summary", "source", "title", "version", "bundle", "description", "default", "examples", "texts", "role",
         "stand_in", "keyword", "$schema")  # fmt: skip
"""Keys of which nothing but words, examples and what a check plays depends."""
WHY = "no program of a service or a client reads it"


def judge(pair: Pair) -> Iterator[Change]:
    """What is told otherwise, a change for each file."""
    seen = set[str]()
    for both in (pair.head, *pair.messages, *pair.calls):
        old, new = both.old_file, both.new_file
        if old is None or new is None or new.shown in seen or both.old is None or both.new is None:
            continue
        seen.add(new.shown)
        named = sorted(set(_told(old.document, new.document)))
        if named:
            whole = Both(subject=both.subject, old={}, new={}, old_file=old, new_file=new)
            yield change(whole, SAFE, ", ".join(named), "as it was", "told otherwise", WHY, *named[:1])
    for name in [*pair.old.presets, *(name for name in pair.new.presets if name not in pair.old.presets)]:
        was, now = pair.old.presets.get(name), pair.new.presets.get(name)
        if differ(was and dict(was.document), now and dict(now.document)):
            words = (
                ["documented" if one else None for one in (was, now)]
                if not was or not now
                else ["as it was", "told otherwise"]
            )
            file = Both(subject=name, old={} if was else None, new={} if now else None, old_file=was, new_file=now)
            yield change(file, SAFE, "triggers", *words, "only a check makes these calls")


def _told(old: Any, new: Any) -> Iterator[str]:
    """The keys of words that differ, anywhere inside."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys((*old, *new)):
            if key in WORDS and key != "default" and not _is_field(old.get(key), new.get(key), key):
                if differ(old.get(key), new.get(key)):
                    yield key
            elif key in old and key in new and key not in ("enum", "const"):
                yield from _told(old[key], new[key])
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for was, now in zip(old, new, strict=True):
            yield from _told(was, now)


def _is_field(old: Any, new: Any, key: str) -> bool:
    """Whether a word is the name of a field of a payload: its value is a schema."""
    return key not in ("examples", "stand_in") and (isinstance(old, Mapping) or isinstance(new, Mapping))


SILENT = """
events/who.json /summary = "Who is there?"
"""
SPEAKS = ""
