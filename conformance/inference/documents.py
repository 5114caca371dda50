"""The documents of a bundle, made of all that was seen."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conformance.inference.causes import Caused, causes_of
from conformance.inference.echoes import Field, comes_out, fields_of, may_change, sender_of, titles_of
from conformance.inference.givens import given_in
from conformance.inference.payloads import Said, carried_by, examples_of, field_counts, shallow, wire
from conformance.inference.receivers import Hall, Received, hall_of, received
from conformance.inference.requests import Asked, requests_of
from conformance.inference.rooms import Rooms, one_kind, rooms_of
from conformance.inference.scenes import CALL, CONNECTION, Place, Publication, Scalar
from conformance.inference.seen import MOST_ENTRIES, Arguments, Seen
from contracts.parts import in_namespaces
from contracts.slips import RESERVED
from contracts.starter import Documents, file_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """How the bundle is called and where its service is."""

    name: str
    source: str
    path: str = "/socket.io/"
    namespace: str | None = None
    """Of what a recording leaves out; `/` where nobody says it."""
    real: bool = False
    """Whether real clients were recorded, whose every request means something; a check sends some that do not."""
    namespaces: Mapping[str, Any] = field(default_factory=dict)
    """The ids of a namespace that has one in its name, as a bundle writes them."""


@dataclass(slots=True, kw_only=True)
class Inferred:
    """A bundle with what is known of it besides."""

    documents: Documents = field(default_factory=dict)
    counts: dict[str, Any] = field(default_factory=dict)
    """How often everything was seen, by the name of the event."""
    notes: list[str] = field(default_factory=list)
    """What the recording does not show, or shows in two ways."""
    samples: dict[tuple[str, str], list[tuple[Any, ...]]] = field(default_factory=dict)
    """Recorded arguments by event and direction."""


@dataclass(slots=True, kw_only=True)
class Whole:
    """What has been worked out of all scenes."""

    seen: Seen
    naming: Naming
    caused: Mapping[str, Caused]
    received: Mapping[str, Received]
    rooms: Rooms | None
    hall: Hall
    ids: frozenset[Scalar]
    asked: Mapping[str, Asked]
    main: str
    said: Said
    made: Inferred

    @property
    def key(self) -> str:
        """The field that names rooms."""
        return self.said.key


def inferred(seen: Seen, naming: Naming) -> Inferred:
    """Make a bundle of what was seen."""
    whole = _worked_out(seen, naming)
    made = whole.made
    replies = {asked.reply for asked in whole.asked.values() if asked.reply}
    documents: dict[str, dict[str, Any]] = {}
    for event in sorted({*seen.told, *whole.asked}):
        parts: dict[str, Any] = {}
        asked = whole.asked.get(event)
        if event in RESERVED:
            continue
        if asked is not None and (asked.does_anything or (naming.real and event not in seen.told)):
            parts["client_to_server"] = _request(whole, asked)
        if asked is not None and not asked.does_anything:
            _say_nothing(whole, asked, written="client_to_server" in parts)
        if event in seen.told and event not in replies:
            parts["server_to_client"] = _broadcast(whole, event)
        if parts:
            documents[event] = _event(whole, event, parts)
    stems = file_names(list(documents))
    made.documents = {"bundle": _head(whole)} | {f"events/{stems[name]}": one for name, one in documents.items()}
    if seen.entries > MOST_ENTRIES:
        made.notes.append(
            f"causes, receivers, rooms and requests are those of the first {MOST_ENTRIES} of {seen.entries} entries"
        )
    made.notes += [f"{count} times: {why}: left out" for why, count in sorted(seen.unnamed.items())]
    return made


def _worked_out(seen: Seen, naming: Naming) -> Whole:
    caused = causes_of(seen.scenes)
    # Rooms are looked for behind what goes neither to whoever asked for it, nor to whom it names, nor to everyone.
    bare = hall_of(seen.scenes, {event: one.publications for event, one in caused.items()}, None)
    known = {event: received(one.publications, bare) for event, one in caused.items()}
    shared = frozenset(event for event, one in caused.items() if not one.is_error and not known[event].sure)
    rooms = rooms_of(seen.scenes, shared)
    made = Inferred()
    if rooms is not None:
        rooms, others = one_kind(seen.scenes, rooms)
        made.notes += [
            f"{event}: enters a room of another kind, which is not written: say `rooms` and `effect` by hand"
            for event in others
        ]
    hall = hall_of(seen.scenes, {event: one.publications for event, one in caused.items()}, rooms)
    who = {event: received(one.publications, hall) for event, one in caused.items()}
    asked = requests_of(seen.scenes, caused, who, rooms, hall.ids)
    usual = naming.namespace or "/"
    namespaces = Counter(one.namespace or usual for scene in seen.scenes for one in scene.emissions)
    namespaces.update(one.namespace or usual for scene in seen.scenes for one in scene.publications)
    return Whole(
        seen=seen, naming=naming, caused=caused, received=who, rooms=rooms, hall=hall, ids=hall.ids,
        asked=asked,
        main=naming.namespace or max(namespaces, key=lambda name: (namespaces[name], name), default="/"),
        said=Said(key=_key(rooms), ids=hall.ids, notes=made.notes), made=made,
    )  # fmt: skip


def _key(rooms: Rooms | None) -> str:
    """The field that names rooms: that of most requests which enter one."""
    names = [place.rpartition("/")[2] for _, place in rooms.enter] if rooms else []
    named = [name for name in names if not name.isdigit()]
    return named[0] if named else "room"


def _head(whole: Whole) -> dict[str, Any]:
    naming = whole.naming
    head: dict[str, Any] = {
        "bundle": naming.name,
        "title": naming.name.replace("-", " ").capitalize(),
        "version": "0.1.0",
        "summary": f"Inferred from {naming.source}: what was seen, and no more.",
        "source": naming.source,
        "path": naming.path,
        "namespace": whole.main,
    }
    if naming.namespaces:
        head["namespaces"] = dict(naming.namespaces)
    if whole.rooms is not None:
        template = _template(whole)
        head["room"] = {"template": template or f"{{{whole.key}}}", "key": whole.key, "source": naming.source}
        if template is None:
            whole.made.notes.append(
                f"rooms: no observer saw their names at the service, taken to be `{{{whole.key}}}`: write `template`"
            )
    errors = sorted(event for event, caused in whole.caused.items() if caused.is_error)
    return head | ({"errors": errors[0]} if errors else {})


def _template(whole: Whole) -> str | None:
    """How rooms are named at the service, where an observer saw that."""
    found: Counter[str] = Counter()
    for scene in whole.seen.scenes:
        for name in scene.rooms:
            inside = [one for one in map(str, whole.ids) if one in name]
            if inside and name.count(max(inside, key=len)) == 1 and not set("{}") & set(name):
                found[name.replace(max(inside, key=len), "{" + whole.key + "}")] += 1
    return found.most_common(1)[0][0] if found else None


def _event(whole: Whole, event: str, parts: dict[str, Any]) -> dict[str, Any]:
    asked, told = whole.asked.get(event), whole.seen.told.get(event)
    names = {
        whole.main if in_namespaces(name or whole.main, (whole.main,)) else name
        for name in (asked.namespaces if asked and "client_to_server" in parts else set())
        | (told.namespaces if told and "server_to_client" in parts else set())
    }
    seen = []
    if asked is not None and "client_to_server" in parts:
        seen.append(f"emitted {len(asked.emissions)} times")
    if told is not None and "server_to_client" in parts:
        seen.append(f"received {told.args.total} times")
    document: dict[str, Any] = {
        "event": event,
        "summary": f"To be written: what `{event}` means.",
        "source": f"{whole.naming.source}: {', '.join(seen)}",
    }
    if names and names != {whole.main}:
        document["namespace"] = sorted(names) if len(names) > 1 else names.pop()
    return document | parts


def _say_nothing(whole: Whole, asked: Asked, *, written: bool) -> None:
    came = "nothing but an empty ack came of it, by which some servers answer every name"
    whole.made.notes.append(
        f"{asked.event}: emitted {len(asked.emissions)} times, and"
        f" {came if asked.acks.is_empty else 'nothing was seen to come of it'}:"
        f"{'' if written else ' left out; if the service takes it,'} write its `effect` or its `reply`"
    )


def _request(whole: Whole, asked: Asked) -> dict[str, Any]:
    part: dict[str, Any] = {}
    effect: dict[str, Any] = {} if asked.does_anything else {"other": "to be written: nothing was seen to come of it"}
    if asked.broadcasts:
        names = sorted(asked.broadcasts)
        effect["broadcast"] = names if len(names) > 1 else names[0]
    if asked.membership:
        effect["membership"] = asked.membership
    carried = carried_by(
        whole.said, asked.args, asked.event, _request_titles(whole, asked), asked.room_at, emitted=True
    )
    about = whole.rooms is not None and (
        asked.membership is not None or any(_is_of_room(whole.received[name]) for name in asked.broadcasts)
    )
    if about or asked.room_at is not None:
        room = _room(asked.room_at, whole.key, "payload" in carried)
        part |= {"room": room} if room and (asked.room_at or about) else {}
    part |= {"effect": effect} if effect else {}
    part |= carried
    given = given_in(whole.seen.scenes, asked, whole.asked) if "payload" in carried else {}
    part |= {"given": given} if given else {}
    if asked.acks.is_acked or asked.reply:
        part["reply"] = _reply(whole, asked)
    good = [one.args for one in asked.good]
    whole.made.samples[asked.event, "client_to_server"] = good
    examples = examples_of(good, carried)
    part["examples"] = {"valid": examples, "invalid": []} if examples else {"invalid": []}
    whole.made.counts.setdefault(asked.event, {})["client_to_server"] = {
        "seen": len(asked.emissions),
        "taken": len(asked.good),
        "refused": sum(one.refused for one in asked.emissions),
        "acks": asked.acks.came,
        "effects": asked.broadcasts,
        "fields": field_counts(asked.args),
    }
    return part


def _is_of_room(who: Received) -> bool:
    return who.sure and who.receivers in ("room", "room-but-sender")


def _room(place: Place | None, key: str, is_object: bool) -> str | None:
    """Where a part says that its room is; None where the key of the payload names it."""
    if place is None:
        return "remembered"
    return None if is_object and place == f"/0/{key}" else place


def _reply(whole: Whole, asked: Asked) -> dict[str, Any]:
    reply: dict[str, Any] = {"ack": True} if asked.acks.is_acked else {}
    if asked.reply:
        reply["event"] = asked.reply
    args = Arguments()
    if asked.acks.is_acked:
        args.merge(asked.acks.good)
    if asked.reply:
        args.merge(whole.seen.told[asked.reply].args)
    if asked.acks.rule is not None and asked.acks.is_acked:
        reply["refused"] = asked.acks.rule
    if asked.membership == "enter":
        reply["promises"] = "nothing"  # A service may answer first and enter the socket after that.
    return reply | carried_by(whole.said, args, f"{asked.event} reply", {}, None, emitted=False)


def _broadcast(whole: Whole, event: str) -> dict[str, Any]:
    told, caused = whole.seen.told[event], whole.caused.get(event, Caused())
    who = whole.received.get(event, Received(receivers="everyone", sure=False))
    place = _place_of(whole, caused.publications) if _is_of_room(who) else None
    part: dict[str, Any] = {}
    titles = _broadcast_titles(whole, event, caused, place)
    carried = carried_by(whole.said, told.args, event, titles, place, emitted=False)
    if _is_of_room(who) and place is not None:
        room = _room(place, whole.key, "payload" in carried)
        part |= {"room": room} if room else {}
    part |= _whom(whole, event, caused, who, titles)
    part |= carried
    if told.asked and told.asked == told.args.total and told.answer is not None:
        answer = carried_by(whole.said, told.answers, f"{event} answer", {}, None, emitted=False)
        value = shallow(wire(told.answer, answer))
        part["answer"] = answer | {"examples": {"valid": [value]}}
    whole.made.samples[event, "server_to_client"] = told.examples
    examples = examples_of(told.examples, carried)
    part |= {"examples": {"valid": examples}} if examples else {}
    whole.made.counts.setdefault(event, {})["server_to_client"] = {
        "seen": told.args.total,
        "publications": len(caused.publications),
        "causes": caused.counts,
        "receivers": {"agreed": who.agreed, "of": who.count, "told apart": who.sure},
        "fields": field_counts(told.args),
    }
    return part


def _whom(whole: Whole, event: str, caused: Caused, who: Received, titles: Mapping[int, str]) -> dict[str, Any]:
    """Who receives an event and what causes it."""
    if caused.is_error:
        return {"receivers": "requester", "caused_by": {"bad_request": True}}
    effects = [name for name, asked in whole.asked.items() if event in asked.broadcasts]
    part: dict[str, Any] = {"receivers": who.receivers if who.sure else "everyone"}
    if not effects:
        part["caused_by"] = {"other": _words(caused)}
        if who.receivers == "requester":
            part["receivers"] = "everyone"
            part["volatile"] = True
    if not who.sure:
        part["volatile"] = True
        whole.made.notes.append(
            f"{event}: who receives it cannot be told from this recording; written as `everyone` and `volatile`, which"
            " accuses nobody: write who does, and take `volatile` out"
        )
    if effects and who.sure:
        part |= _echoes(whole, event, caused, titles)
    return part


def _words(caused: Caused) -> str:
    """A cause that contracts have no word for, or that the recording does not bear out."""
    calls = [f"HTTP call {name.removeprefix(CALL)}" for name in caused.counts if name.startswith(CALL)]
    others = [
        name if name == CONNECTION else f"perhaps `{name}`" for name in caused.counts if not name.startswith(CALL)
    ]
    return ", ".join([*calls, *others]) or "to be written: nothing was seen to cause it"


def _echoes(whole: Whole, event: str, caused: Caused, titles: Mapping[int, str]) -> dict[str, Any]:
    """Fields that come out as they went in, and the field that names who sent them."""
    judged = [one for one in caused.publications if one.cause is not None]
    by_cause: dict[str, list[Publication]] = defaultdict(list)
    for one in judged:
        if one.cause is not None:
            by_cause[one.cause.event].append(one)
    out, names = fields_of(whole.seen.told[event].args, titles), []
    for name, field_out in sorted(out.items()):
        given = _given(whole, by_cause, name)
        if _went_in(whole, by_cause, name, field_out) and (
            name == whole.key or all(one is not None and may_change(one.shape) for _, one in given)
        ):
            names.append(name)
    sender = sender_of(
        judged, whole.hall, {field.place for name, field in out.items() if _went_in(whole, by_cause, name, field)}
    )
    return ({"echoes": names} if names and judged else {}) | ({"sender": sender} if sender is not None else {})


def _given(
    whole: Whole, by_cause: Mapping[str, list[Publication]], name: str
) -> list[tuple[list[Publication], Field | None]]:
    """(the publications of a cause, what it has under a name) of each cause."""
    return [
        (some, fields_of(whole.asked[cause].args, _request_titles(whole, whole.asked[cause])).get(name))
        for cause, some in by_cause.items()
    ]


def _went_in(whole: Whole, by_cause: Mapping[str, list[Publication]], name: str, out: Field) -> bool:
    """Whether a field comes out of every cause as it went in."""
    given = _given(whole, by_cause, name)
    return all(one is not None and comes_out(some, out.place, one.place) for some, one in given)


def _request_titles(whole: Whole, asked: Asked) -> dict[int, str]:
    """The titles of a request's arguments: the names under which they come out."""
    known: dict[int, str] = {}
    for place in range(asked.args.count):
        if asked.room_at == f"/{place}":
            known[place] = whole.key
        for event in asked.broadcasts:
            some = [one for one in whole.caused[event].publications if one.cause and one.cause.event == asked.event]
            fields = fields_of(whole.seen.told[event].args, {})
            named = (name for name, field in sorted(fields.items()) if comes_out(some, field.place, f"/{place}"))
            known.setdefault(place, next(named, ""))
    return titles_of(asked.args, "arg", known)


def _broadcast_titles(whole: Whole, event: str, caused: Caused, room_at: Place | None) -> dict[int, str]:
    """The titles of a broadcast's arguments: the names under which they went in."""
    args = whole.seen.told[event].args
    judged = [one for one in caused.publications if one.cause is not None]
    causes = [asked for name, asked in whole.asked.items() if event in asked.broadcasts]
    known: dict[int, str] = {}
    for place in range(args.count):
        if room_at == f"/{place}":
            known[place] = whole.key
        for asked in causes:
            some = [one for one in judged if one.cause and one.cause.event == asked.event]
            fields = fields_of(asked.args, _request_titles(whole, asked))
            named = (name for name, field in sorted(fields.items()) if comes_out(some, f"/{place}", field.place))
            known.setdefault(place, next(named, ""))
    return titles_of(args, "arg", known)


def _place_of(whole: Whole, publications: Sequence[Publication]) -> Place | None:
    counts = Counter(place for one in publications for place, value in one.values.items() if value in whole.ids)
    best = min(counts, key=lambda place: (-counts[place], place.count("/"), place), default=None)
    return best if best is not None and counts[best] >= 0.9 * len(publications) else None
