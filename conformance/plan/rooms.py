"""Acts about rooms: who is in one, and who is not any more."""

from __future__ import annotations

from conformance.model.act import Act, Connect, Disconnect, Exit, Request, Step, Together, UserOf
from conformance.plan.questions import asked_last
from conformance.plan.stimulus import (
    Setting,
    Stimulus,
    act,
    at_once,
    connect,
    cues,
    enter,
    heard,
    path_params,
    signal,
    way_out,
)


def early(setting: Setting) -> Act | None:
    """A socket that is connected but joined nothing, then joins."""
    room = setting.room("early", "1")
    later = signal(setting, room, "sid", "e2")
    before = cues(setting, room, "sid", "e1", later=False)
    if later is None or setting.bundle.room.is_none:
        return None
    return act(
        "early",
        (room,),
        connect("sid", "wes", "lia"),
        enter(setting, room, "sid", "wes"),
        at_once(before),
        heard(before, "wes"),
        enter(setting, room, "lia"),
        later.step,
        later.heard_by("wes", "lia"),
    )


def _gone(setting: Setting, name: str, exit_step: Step | None, room: str, kept: str) -> Act | None:
    """A socket in two rooms that loses one of them by `exit_step`.

    `lia` leaves, `wes` stays, `sid` sends; the room that `lia` keeps brings the fence. `sid` is in both rooms, since a
    service may take what is said in a room from its members alone.
    """
    if setting.bundle.one_room:
        return _gone_from_one(setting, name, exit_step, room, kept)
    before, kept_before = signal(setting, room, "sid", "g1"), signal(setting, kept, "sid", "g2")
    after = cues(setting, room, "sid", "g3", later=False)
    fence = signal(setting, kept, "sid", "g4")
    if exit_step is None or before is None or kept_before is None or fence is None:
        return None
    return act(
        name,
        (room, kept),
        connect("sid", "wes", "lia"),
        Together(steps=(enter(setting, room, "sid", "wes", "lia"), enter(setting, kept, "sid", "lia"))),
        Together(steps=(before.step, kept_before.step)),
        Together(steps=(before.heard_by("wes", "lia"), kept_before.heard_by("lia"))),
        exit_step,
        *_taken(setting, kept, "lia"),
        at_once(after),
        heard(after, "wes"),
        fence.step,
        fence.heard_by("lia"),
    )


def _gone_from_one(setting: Setting, name: str, exit_step: Step | None, room: str, other: str) -> Act | None:
    """The same where a socket is in one room at a time: a second room that it enters afterwards brings the fence."""
    before, after = signal(setting, room, "sid", "g1"), cues(setting, room, "sid", "g3", later=False)
    if setting.bundle.room.entry is not None and exit_step is not None and before is not None:
        return _gone_for_good(setting, name, exit_step, room, before, after)
    fence = signal(setting, other, "lia", "g4")
    if exit_step is None or before is None or fence is None:
        return None
    return act(
        name,
        (room, other),
        connect("sid", "wes", "lia"),
        enter(setting, room, "sid", "wes", "lia"),
        before.step,
        before.heard_by("wes", "lia"),
        exit_step,
        at_once(after),
        heard(after, "wes"),
        enter(setting, other, "lia"),
        fence.step,
        fence.heard_by("lia"),
    )


def _gone_for_good(
    setting: Setting, name: str, exit_step: Step, room: str, before: Stimulus, after: list[Stimulus]
) -> Act:
    """The same where a socket enters a room by connecting alone: a question brings the fence, where there is one."""
    return act(
        name,
        (room,),
        connect("sid", "wes", "lia"),
        enter(setting, room, "sid", "wes", "lia"),
        before.step,
        before.heard_by("wes", "lia"),
        exit_step,
        at_once(after),
        heard(after, "wes"),
        *asked_last(setting, room, "lia", sender=None, mark="g4"),
    )


def _taken(setting: Setting, room: str, actor: str) -> list[Step]:
    """What shows that the service has taken all that an actor emitted, where no roster tells: its own next cue."""
    if setting.bundle.roster_request() is not None:
        return []
    limited = {request.broadcast for request in setting.bundle.requests() if request.most_per_s}
    made = cues(setting, room, actor, "taken", later=False)
    own = [one for one in made if one.sender and one.to_sender and one.event not in limited][:1]
    return [at_once(own), heard(own, actor)]


def leaving(setting: Setting) -> Act | None:
    """A socket leaves one of its two rooms."""
    room, kept = setting.room("leaving", "1"), setting.room("leaving", "2")
    return _gone(setting, "leaving", way_out(setting, "leave", room, "lia", "wes"), room, kept)


def closing(setting: Setting) -> Act | None:
    """A socket closes the subject of one of its two rooms."""
    room, kept = setting.room("closing", "1"), setting.room("closing", "2")
    return _gone(setting, "closing", way_out(setting, "close", room, "lia", "wes"), room, kept)


def removed(setting: Setting) -> Act | None:
    """A participant is removed over HTTP; that user's sockets lose the room."""
    bundle = setting.bundle
    room, kept = setting.room("removed", "1"), setting.room("removed", "2")
    call = bundle.by_role("leave")
    if call is None:
        return None
    user = UserOf(actor="lia")
    params = {name: room if name == bundle.room.key else user for name in call.params()}
    steps: list[Step] = []
    if call.after:
        first = bundle.calls[call.after]
        body = {**first.examples.valid[0], **{n: user for n in call.params() if n != bundle.room.key}}
        steps.append(Request(call=first.name, params=path_params(first, bundle, room, "r1"), body=body))
    play = _gone(
        setting,
        "removed",
        Exit(actor="lia", room=room, step=Request(call=call.name, params=params), watcher="wes"),
        room,
        kept,
    )
    if play is None:
        return None
    at = next(index for index, step in enumerate(play.steps) if isinstance(step, Exit))
    return act(play.name, play.rooms, *play.steps[:at], *steps, *play.steps[at:])


def reconnecting(setting: Setting) -> Act | None:
    """A member disconnects and comes back as a new socket of the same user, without joining."""
    room = setting.room("reconnecting", "1")
    before, after = signal(setting, room, "wes", "r1"), signal(setting, room, "wes", "r2")
    fence = signal(setting, room, "wes", "r3")
    if before is None or after is None or fence is None or setting.bundle.room.is_none:
        return None
    return act(
        "reconnecting",
        (room,),
        connect("wes", "lia"),
        enter(setting, room, "wes", "lia"),
        before.step,
        before.heard_by("wes", "lia"),
        Exit(actor="lia", room=room, step=Disconnect(actor="lia"), watcher="wes"),
        Connect(actor="back", like="lia"),
        after.step,
        after.heard_by("wes"),
        enter(setting, room, "back"),
        fence.step,
        fence.heard_by("wes", "back"),
    )


def several(setting: Setting) -> Act | None:
    """One socket in three rooms at once, with a neighbour in each; none where a socket is in one room only."""
    if setting.bundle.one_room or setting.bundle.room.is_none:
        return None
    rooms = [setting.room("several", label) for label in "123"]
    made = [signal(setting, room, "lia", f"v{number}") for number, room in enumerate(rooms)]
    found = [one for one in made if one]
    if not found:
        return None
    return act(
        "several",
        rooms,
        connect("lia", "wes"),
        Together(steps=(*(enter(setting, room, "lia") for room in rooms), enter(setting, rooms[0], "wes"))),
        at_once(found),
        heard(found, "lia"),
    )


def twice(setting: Setting) -> Act | None:
    """A socket that joins a room twice."""
    room = setting.room("twice", "1")
    one = signal(setting, room, "ann", "t1")
    last = signal(setting, room, "ann", "t2")
    if one is None or last is None or setting.bundle.room.is_none:
        return None
    return act(
        "twice",
        (room,),
        connect("ann"),
        enter(setting, room, "ann"),
        enter(setting, room, "ann"),
        one.step,
        one.heard_by("ann"),
        last.step,
        last.heard_by("ann"),
    )


def other_ways_in(setting: Setting) -> Act | None:
    """Every documented way into a room but the usual one, each by a socket of its own."""
    usual = setting.bundle.by_membership("enter")
    ways = [r for r in setting.bundle.requests() if r.membership == "enter" and usual and r.event != usual.event]
    if usual is None or not ways:
        return None
    room = setting.room("ways", "1")
    one = signal(setting, room, "wes", "w1")
    if one is None:
        return None
    actors = [f"ina{number}" for number in range(len(ways))]
    return act(
        "ways-in",
        (room,),
        connect("wes", *actors),
        enter(setting, room, "wes"),
        Together(steps=tuple(enter(setting, room, a, event=w.event) for a, w in zip(actors, ways, strict=True))),
        one.step,
        one.heard_by("wes", *actors),
    )
