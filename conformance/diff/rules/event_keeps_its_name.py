"""An event keeps its name.

Socket.IO reports nothing for an event that nobody receives: clients that know the old name send it in vain, or wait
for it. A new name is recognised by what is carried under it, or by `retired_events`, where `instead` names it.
"""

from collections.abc import Iterator

from conformance.diff.model import Change
from conformance.diff.pairing import Pair
from conformance.diff.told import BREAKING, change

CLAUSE = "Events keep their names."
KEYS = {"event": "event", "retired": "instead"}


def judge(pair: Pair) -> Iterator[Change]:
    """Events that are there under another name."""
    for both in pair.messages:
        if both.is_in_both and both.old_name != both.new_name:
            sent = both.way == "client_to_server"
            why = "what clients send under the old name has no effect" if sent else "receivers wait for the old name"
            yield change(both, BREAKING, "name", f"`{both.old_name}`", f"`{both.new_name}`", why)


SILENT = """
events/note-added.json /summary = "A note that was written."
"""
SPEAKS = """
events/note-added.json /event = "note:created"
http/add-note.json /effect/broadcast = "note:created"
bundle.json /retired_events = [{"event": "note:added", "direction": "server_to_client", "instead": "note:created"}]
"""
