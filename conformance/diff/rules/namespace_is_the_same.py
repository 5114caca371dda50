"""Events travel in the namespaces in which they did, under the same path.

Clients connect to the old path and the old namespace, and hear and reach nobody. A namespace that is added to an
event is safe.
"""

from collections.abc import Iterator

from conformance.diff.model import Change
from conformance.diff.pairing import Both, Pair
from conformance.diff.templates import namespaces, shape
from conformance.diff.told import BREAKING, RISKY, SAFE, change
from conformance.diff.versions import File, Version

CLAUSE = "Events keep their namespaces, and Socket.IO its path."
KEYS = {"bundle": "path namespace namespaces", "event": "namespace", "bundle.namespaces": "id"}


def judge(pair: Pair) -> Iterator[Change]:
    """Paths and namespaces that are others."""
    head = pair.head
    was, now = head.values("path")
    if was != now:
        yield change(head, BREAKING, "path of Socket.IO", was, now, "clients cannot connect to the old one", "path")
    was, now = head.values("namespace")
    if was != now:
        why = "clients that connect to the old one reach nobody"
        yield change(head, BREAKING, "namespace", was, now, why, "namespace")
    for both in pair.messages:
        old, new = both.old_file, both.new_file
        if both.is_in_both and old is not None and new is not None:
            yield from _event(pair, both, old, new)
    for name, both in namespaces(pair):
        if both.new is None:
            why = "clients that connect to one of these reach nobody"
            yield change(both, BREAKING, f"namespaces `{name}`", "documented", None, why)
        elif both.old is None:
            yield change(both, SAFE, f"namespaces `{name}`", None, "documented", "nobody connects to them yet")


def _event(pair: Pair, both: Both, old: File, new: File) -> Iterator[Change]:
    was, now = _of(pair.old, old), _of(pair.new, new)
    if was == now or (was == {pair.old.bundle.namespace} and now == {pair.new.bundle.namespace}):
        return
    if was - now:
        severity, why = BREAKING, "clients in the old one neither reach it nor hear of it"
    else:
        severity, why = SAFE if both.way == "client_to_server" else RISKY, "it travels there, too"
    told = Both(subject=both.subject, old={}, new={}, old_file=old, new_file=new, way=both.way)
    yield change(told, severity, "namespace", sorted(was), sorted(now), why, "namespace")


def _of(version: Version, file: File) -> set[str]:
    written = file.document.get("namespace", version.bundle.namespace)
    return {shape(one) for one in ([written] if isinstance(written, str) else written)}


SILENT = """
events/cursor-move.json /namespace = "/"
"""
SPEAKS = """
events/note-added.json /namespace = "/notes"
"""
