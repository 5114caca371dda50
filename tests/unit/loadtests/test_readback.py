"""Reading back after a load: what was created is stored once, as it was, or counted as what it is not."""

import asyncio
from collections import Counter
from types import SimpleNamespace
from typing import Any, cast

import pytest

from contracts.load import load
from loadtests.dialects.dialect import Dialect
from loadtests.dialects.mark import Mark
from loadtests.ledger.ledger import Ledger
from loadtests.worker import readback
from loadtests.worker.shared import Posts
from loadtests.worker.wire import codec
from loadtests.worker.wire.http import Unanswered

BUNDLE = load("sos")
WORDS = Dialect.of(BUNDLE)
STREAM = WORDS.stream(1, WORDS.writing, "r")
PAGE = 50
(ITEM, *_) = BUNDLE.broadcast("message:broadcast").examples.valid


def stored(number: int, **other: Any) -> dict[str, Any]:
    """A message as the service lists it."""
    sent = WORDS.writing.payload("r", Mark("r", STREAM, number))
    return {**ITEM, **sent, "id": f"id{number}", **other}


class Service:
    """A list of messages in pages; each call is noted."""

    def __init__(self, items: list[Any] | None, total: int | None = None, status: int = 200) -> None:
        self.items, self.status = items, status
        self.total = len(items or ()) if total is None else total
        self.asked: list[str] = []

    async def call(self, method: str, path: str, body: Any, headers: str) -> tuple[int, bytes]:
        self.asked.append(path)
        if self.items is None:
            raise Unanswered("timed out")
        skip = int(path.partition("skip=")[2].partition("&")[0])
        page = self.items[skip : skip + PAGE]
        pagination = {"total": self.total, "skip": skip, "limit": PAGE, "hasMore": False}
        return self.status, codec.encode_json({"success": True, "data": page, "pagination": pagination})


def read_back(service: Service, taken: int, untaken: frozenset[int] = frozenset()) -> tuple[dict[str, int], Ledger]:
    """What is counted when that many messages of one stream were accepted."""
    ledger, posts = Ledger(), Posts()
    ledger.room("r")
    posts.taken["r"], posts.writers["r"] = taken, "ann"
    posts.spans["r", STREAM] = (0, taken + len(untaken) - 1)
    posts.untaken.update((STREAM, number) for number in untaken)
    counts: Counter[str] = Counter()

    async def bounded(work: Any, limit_s: float) -> None:
        await work

    context = SimpleNamespace(
        ledger=ledger, posts=posts, words=WORDS, http=[service], sample=lambda *words: None,
        setup=SimpleNamespace(bearer=lambda token: "", token=lambda user, room: None),
        hearing=SimpleNamespace(ids={(STREAM, number): f"id{number}" for number in range(taken)}, way_of=lambda mark, way: way),
        waits=SimpleNamespace(bounded=bounded),
        count_of=lambda room, name, count: counts.update({name: count}),
    )  # fmt: skip
    asyncio.run(readback.audit(cast("Any", context)))
    return {name: count for name, count in counts.items() if count}, ledger


def test_what_is_stored_as_it_was_created_is_counted() -> None:
    service = Service([stored(number) for number in range(3)])
    counts, ledger = read_back(service, 3)
    assert counts == {"stored": 3}
    assert not ledger.witnesses
    assert len(service.asked) == 1


def test_pages_are_read_to_the_end() -> None:
    many = PAGE + 1
    service = Service([stored(number) for number in range(many)])
    assert read_back(service, many)[0] == {"stored": many}
    assert len(service.asked) == 2


def test_what_is_missing_or_there_twice_is_counted() -> None:
    counts, _ = read_back(Service([stored(0), stored(2), stored(2)]), 3)
    assert counts == {"stored": 2, "unstored": 1, "stored_twice": 1}


def test_what_the_service_refused_need_not_be_stored() -> None:
    assert read_back(Service([stored(0), stored(2)]), 2, frozenset({1}))[0] == {"stored": 2}


def test_messages_of_others_are_left_alone() -> None:
    others = {**ITEM, "content": "good morning"}
    assert read_back(Service([others, stored(0)]), 1)[0] == {"stored": 1}


@pytest.mark.parametrize("item", [stored(0, senderDisplayName="another"), stored(0, id="another")])
def test_what_is_stored_otherwise_is_a_defect(item: Any) -> None:
    counts, ledger = read_back(Service([item]), 1)
    assert counts == {"stored": 1}
    assert ledger.witnesses["contract_failed"].why == "it is not stored as it was created"


@pytest.mark.parametrize("service", [Service(None), Service([stored(0)], status=500)])
def test_a_list_that_does_not_come_proves_nothing(service: Service) -> None:
    assert read_back(service, 2)[0] == {"unread": 2}


def test_of_more_than_is_read_the_rest_is_not_audited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readback, "MOST_READ_BACK", 1)
    service = Service([stored(0)], total=PAGE + 5)
    assert read_back(service, 3)[0] == {"stored": 1, "unaudited": 2}


def test_rooms_that_time_does_not_suffice_for_are_not_audited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readback, "MOST_AUDITED", 0)
    assert read_back(Service([]), 2)[0] == {"unaudited": 2}
