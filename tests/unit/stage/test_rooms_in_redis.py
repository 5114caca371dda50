"""What Redis shows of rooms of several kinds, with ids of their own, in several namespaces."""

import json
from pathlib import Path
from typing import Any

import pytest

from conformance.stage.clients.recorder import Clock
from conformance.stage.observers.redis import RedisObserver
from conformance.stage.observing.observer import Watch
from conformance.stage.observing.redis_messages import of_manager
from conformance.target.target import target
from contracts.load import load
from contracts.parts import in_namespaces

CASES = Path(__file__).parents[2] / "cases"


def seen(case: str, ids: tuple[str, ...], **message: Any) -> list[tuple[str | None, tuple[str, ...]]]:
    bundle = load(str(CASES / case / "contracts"))
    aim = target("http://127.0.0.1:1", namespace=bundle.namespace)
    observers = {"redis_url": "redis://127.0.0.1:1"}
    watch = Watch(bundle=bundle, target=type(aim)(**{**_fields(aim), "observers": observers}), transport="websocket",
                  clock=Clock(), nonce="abc", ids=ids, on_lost=lambda what, at_s: None)  # fmt: skip
    observer = RedisObserver(watch)
    observer._note(json.dumps({"method": "emit", "binary": False, **message}).encode(), of_manager)
    return [(one.subject, one.rooms) for one in observer.observations()]


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


BIDDEN = {"event": "lot:bidden", "data": [{"lot": 1548239776, "amount": 1}], "room": "lot:1548239776"}


def test_a_number_is_known_by_its_digits() -> None:
    assert seen("auction_rooms", ("1548239776",), **BIDDEN) == [("1548239776", ("lot:1548239776",))]


def test_what_has_no_id_of_the_run_is_not_its_own() -> None:
    assert seen("auction_rooms", ("1548239777",), **BIDDEN) == []


def test_a_room_is_named_where_the_contract_says() -> None:
    hall = "H-ABCDEF1234"
    called = {"event": "hall:called", "data": ["words", hall], "room": f"hall:{hall}"}
    assert seen("auction_rooms", (hall,), **called) == [(hall, (f"hall:{hall}",))]


@pytest.mark.parametrize(("namespace", "count"), [("/pilots", 1), ("/crew", 1), ("/other", 0)])
def test_each_namespace_of_the_contracts_is_watched(namespace: str, count: int) -> None:
    told = {"event": "ship:told", "data": [{"ship": "RC-abc-1", "news": "x"}], "room": "ship:RC-abc-1"}
    assert len(seen("harbour_namespaces", (), namespace=namespace, **told)) == count


def test_an_id_stands_for_whatever_is_in_its_place() -> None:
    assert in_namespaces("/tenant-7", ("/", "/tenant-{tenant}"))
    assert not in_namespaces("/other-7", ("/", "/tenant-{tenant}"))
    assert not in_namespaces(None, ("/",))
    assert not in_namespaces("/a", ("/", "/b"))
