"""Sockets of an act that are in another namespace than the one that it is about: they are to hear nothing of that."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from conformance.model.transcript import Acked, AnyEntry, Got, Opened, Sent, Transcript
from contracts.model import Bundle


def actors_apart(entries: tuple[AnyEntry, ...]) -> dict[str, str]:
    """The actors whose sockets are in another namespace, each with its name."""
    return {entry.actor: entry.namespace for entry in entries if isinstance(entry, Opened) and entry.namespace}


def own_namespace(bundle: Bundle, transcript: Transcript) -> Transcript:
    """The transcript without what other namespaces sent to their sockets, and with the names of requests that say so.

    Requests and their acks stay: they prove what such a socket had received by then.
    """
    apart = actors_apart(transcript.entries)
    if not apart:
        return transcript
    return msgspec.structs.replace(transcript, entries=tuple(_entries(bundle, transcript, apart)))


def _entries(bundle: Bundle, transcript: Transcript, apart: dict[str, str]) -> Iterator[AnyEntry]:
    for entry in transcript.entries:
        namespace = apart.get(entry.actor)
        if namespace is not None and isinstance(entry, Sent | Acked):
            yield msgspec.structs.replace(entry, event=f"{namespace} {entry.event}")
        elif namespace is None or not isinstance(entry, Got) or bundle.broadcast(entry.event) is not None:
            yield entry
