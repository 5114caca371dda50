"""The act about connection state recovery: a member whose connection is lost comes back, and is sent what it missed."""

from __future__ import annotations

from conformance.model.act import Act, Connect, Disconnect
from conformance.plan.questions import asked_last
from conformance.plan.stimulus import Setting, act, connect, enter, signal

RECOVERY = "recovery"
"""The name of the act. In it a socket hears rooms that it has not entered: only rules that ask for it may judge it."""


def recovery(setting: Setting) -> Act | None:
    """`bob` hears the room, loses its connection, misses one event, and comes back as `back`.

    What it hears first gives it the offset that it resumes from; what is sent last shows that it is in its rooms, and
    what it asks for then that whatever came before has been brought.
    """
    if setting.bundle.recovery is None:
        return None
    room = setting.room("recovery", "1")
    before, missed, after = (signal(setting, room, "ann", f"recovery-{number}") for number in ("1", "2", "3"))
    if before is None or missed is None or after is None:
        return None
    return act(
        RECOVERY,
        (room,),
        connect("ann", "bob"),
        enter(setting, room, "ann", "bob"),
        before.step,
        before.heard_by("ann", "bob"),
        Disconnect(actor="bob", abrupt=True),
        missed.step,
        missed.heard_by("ann"),
        Connect(actor="back", like="bob", resumes="bob"),
        missed.heard_by("back"),
        after.step,
        after.heard_by("ann", "back"),
        *asked_last(setting, room, "back", sender="back", mark="recovery-4"),
    )
