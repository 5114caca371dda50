"""Acts on rooms of several kinds: their ids keep the contract, sockets connect into them, and neighbours are apart."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conformance.engine.planning import nonce_of, planned, ready, settings_of
from conformance.judge.rule import rules
from conformance.judge.selection import Selection
from conformance.model.act import Act, Connect, Emit, Enter, InOrder, Insist, Step, Together
from conformance.model.ids import CASES, PREFIX
from conformance.plan.delivery import chorus, handshake
from conformance.plan.id_book import IdBook
from conformance.plan.isolation import neighbours
from conformance.plan.likeness import likeness, ways
from conformance.plan.rooms import leaving, several
from conformance.plan.stimulus import Setting
from contracts.load import load
from contracts.model import Bundle
from contracts.room import Room
from contracts.schema import Schema

HERE = Path(__file__).parents[2] / "cases"


def bundle_of(case: str) -> Bundle:
    return load(str(HERE / case / "contracts"))


def settings(case: str, nonce: str = "n") -> dict[str, Setting]:
    made = settings_of(Setting(bundle=bundle_of(case), nonce=nonce, run=nonce))
    return {setting.bundle.part: setting for setting in made}


def flat(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        if isinstance(step, Together | InOrder):
            yield from flat(step.steps)
        else:
            yield step


def of_kind(act: Act, kind: type[Any]) -> list[Any]:
    return [step for step in flat(act.steps) if isinstance(step, kind)]


def played(setting: Setting, planner: Any) -> Act:
    act = planner(setting)
    assert act is not None
    (made,) = ready(setting, act)
    return made


def test_parts_have_nonces_and_rounds_of_their_own() -> None:
    made = settings("harbour_namespaces")
    assert list(made) == ["/pilots ship", "/pilots pier", "/crew"]
    assert [setting.nonce for setting in made.values()] == ["na", "nb", "nc"]
    assert len({setting.round_number for setting in made.values()}) == 3
    assert (nonce_of("n", 26), nonce_of("n", 0)) == ("naa", "na")


@pytest.mark.parametrize("case", ["auction_rooms", "arcade_handshake", "letters_user_rooms", "tenants_dynamic"])
def test_what_is_played_keeps_the_contract(case: str) -> None:
    bundle = bundle_of(case)
    made = tuple(settings(case).values())
    for act in planned(bundle, rules(), Selection(), made):
        part = next(setting.bundle for setting in made if setting.bundle.part == act.part)
        for step in of_kind(act, Enter):
            assert part.room.takes(step.room), act.name
            request = part.request(step.event)
            assert request is None or request.payload.is_valid(step.payload), act.name


def test_an_id_is_the_same_each_time_and_no_others() -> None:
    setting = settings("auction_rooms")["lot"]
    ids = [setting.room("one", str(number)) for number in range(200)]
    assert len(set(ids)) == 200
    assert ids == [setting.room("one", str(number)) for number in range(200)]
    assert all(setting.bundle.room.takes(one) for one in ids)


def test_of_listed_ids_an_act_has_each_once() -> None:
    room = Room(template="{c}", key="c", source="s", id=Schema({"enum": ["a", "b", "c"]}))
    book, chance = IdBook(), settings("auction_rooms")["lot"].chance("x")
    assert {book.made(room, "act", label, chance) for label in "123"} == {"a", "b", "c"}
    assert not book.short
    book.made(room, "other", "1", chance)
    assert not book.short
    book.made(room, "act", "4", chance)
    assert book.short == {"act"}


def test_an_act_that_needs_more_rooms_than_there_are_is_not_played() -> None:
    (setting,) = settings("radio_listed_rooms").values()
    assert list(ready(setting, chorus(setting))) != []  # type: ignore[arg-type]
    short = replace(setting.bundle.room, id=Schema({"enum": ["amber"]}))
    setting = replace(setting, bundle=replace(setting.bundle, room=short), book=IdBook())
    assert list(ready(setting, chorus(setting))) == []  # type: ignore[arg-type]


def test_a_socket_connects_into_its_room_and_is_heard_before_it_counts_as_a_member() -> None:
    setting = settings("arcade_handshake")["table"]
    act = played(setting, chorus)
    ann = next(step for step in of_kind(act, Connect) if step.actor == "ann")
    room = setting.room("chorus", "1")
    assert (ann.room, ann.auth) == (room, {"table": int(room)})
    assert set(ann.query) == {"player"}
    steps = list(flat(act.steps))
    own = [step for step in steps if getattr(step, "actor", None) == "ann" and not isinstance(step, Emit)]
    assert [type(step) for step in own[:3]] == [Connect, Insist, Enter]


def test_every_socket_shows_what_the_handshake_names_though_it_enters_nothing() -> None:
    setting = settings("arcade_handshake")["player"]
    for connect in of_kind(played(setting, chorus), Connect):
        assert isinstance(connect.auth["table"], int)
        assert setting.bundle.room.takes(connect.query["player"])


def test_who_enters_a_room_of_the_user_connects_as_that_user() -> None:
    (setting,) = settings("letters_user_rooms").values()
    act = played(setting, chorus)
    users = {step.actor: step.user for step in of_kind(act, Connect)}
    assert users["ann"] == users["bob"] == int(setting.room("chorus", "1"))
    assert users["oda"] != users["ann"]


def test_a_socket_that_connects_into_a_room_is_in_no_other() -> None:
    setting = settings("arcade_handshake")["table"]
    assert several(setting) is None
    assert leaving(setting) is None


def test_neighbours_of_another_kind_have_the_same_id_where_both_allow_it() -> None:
    made = settings("harbour_namespaces")
    act = played(made["/pilots ship"], neighbours)
    joins = [step for step in of_kind(act, Insist) if isinstance(step.tries[0], Emit)]
    (foreign,) = {step.tries[0].event: step.tries[0] for step in joins if step.tries[0].event == "pier:follow"}.values()
    (entered,) = [step for step in of_kind(act, Enter) if step.actor == "ann0"]
    assert foreign.args == ({"pier": entered.room},)
    assert neighbours(settings("auction_rooms")["lot"]) is None


def test_a_neighbour_is_in_its_room_before_anything_is_sent_to_the_other() -> None:
    (setting,) = settings("tenants_dynamic").values()
    act = played(setting, neighbours)
    order = [type(step) for step in flat(act.steps) if isinstance(step, Insist | Emit)]
    assert order[0] is Insist
    assert Emit in order


def test_neighbours_in_another_namespace_are_apart() -> None:
    act = played(settings("harbour_namespaces")["/pilots ship"], neighbours)
    (apart,) = [step for step in of_kind(act, Connect) if step.apart]
    assert (apart.actor, apart.namespace) == ("oda1", "/crew")
    assert any(step.actor == "oda1" for step in of_kind(act, Insist))


def test_each_act_has_a_namespace_of_its_own_where_names_have_ids() -> None:
    (setting,) = settings("tenants_dynamic").values()
    act = played(setting, neighbours)
    names = {step.namespace for step in of_kind(act, Connect)}
    apart = {step.namespace for step in of_kind(act, Connect) if step.apart}
    assert len(names) == 2
    assert len(apart) == 1
    assert {step.namespace for step in of_kind(played(setting, chorus), Connect)}.isdisjoint(names)


def test_ids_that_are_alike_are_those_that_the_contract_allows() -> None:
    made = settings("auction_rooms")
    assert ways(made["lot"].bundle.room) == [PREFIX]
    assert ways(made["hall"].bundle.room) == []
    small = Room(template="{c}", key="c", source="s", id=Schema({"type": "string", "pattern": "^[A-Za-z]{12}$"}))
    assert ways(small) == [CASES]
    assert len(ways(load("example").room)) == 10


def test_where_the_room_is_remembered_each_of_two_ids_has_a_socket() -> None:
    (setting,) = settings("ferry_arguments").values()
    act = likeness(setting)
    assert act is not None
    entered = {step.actor: step.room for step in of_kind(act, Enter)}
    assert len(entered) == len(of_kind(act, Enter)) == len(act.rooms)


def test_bad_tokens_are_shown_in_every_place_that_the_target_reads() -> None:
    setting = Setting(bundle=bundle_of("turnstile_two_token_places"), nonce="n", run="n", token_places=2)
    act = handshake(setting)
    assert act is not None
    shown = {(step.token, step.place) for step in of_kind(act, Connect)}
    assert shown == {(token, place) for token in ("own", "none", "garbage", "forged", "expired") for place in (0, 1)}
