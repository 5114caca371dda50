"""Generated texts of what a load publishes: a service may take what carries a key again for a repetition."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from contracts.load import load
from loadtests.dialects.mark import Mark
from loadtests.dialects.way import Way, ways_of
from tests.running import ROOT

PARLOUR = ROOT / "tests/cases/parlour_turns/contracts"
MARKS = [Mark("room-1", 0, 0), Mark("room-1", 0, 1), Mark("room-1", 1, 0), Mark("room-2", 0, 0)]


def saying(folder: Path, key: dict[str, Any] | None = None, examples: dict[str, Any] | None = None) -> Way:
    """The way to say something, with another schema of its key, and written examples."""
    copy = Path(shutil.copytree(PARLOUR, folder / "copy"))
    path = copy / "events/parlour-say.json"
    document = json.loads(path.read_text())
    document["client_to_server"]["args"][2] |= key or {}
    document["client_to_server"] |= {"examples": examples} if examples else {}
    path.write_text(json.dumps(document))
    ways, _ = ways_of(load(str(copy)))
    return next(way for way in ways if way.name == "parlour:say")


@pytest.mark.parametrize("key", [None, {"format": "uuid"}])
def test_each_publication_has_texts_of_its_own(tmp_path: Path, key: dict[str, Any] | None) -> None:
    way = saying(tmp_path, key)
    sent = [way.payload(mark.room, mark) for mark in MARKS]
    assert len({one["key"] for one in sent}) == len(MARKS)
    assert way.request is not None
    assert all(way.request.payload.is_valid(one) for one in sent)


def test_what_has_no_room_for_more_is_written_or_is_given_stays(tmp_path: Path) -> None:
    short = saying(tmp_path / "short", {"maxLength": 10})
    written = saying(tmp_path / "written", examples={"valid": [["lobby", "hello", "key-1"]]})
    given = saying(tmp_path / "given").given({"key": "mine"}, "room-1")
    for way, key in ((short, "sample"), (written, "key-1"), (given, "mine")):
        assert {way.payload(mark.room, mark)["key"] for mark in MARKS} == {key}
