"""Contract files: what is refused, with file, line and the nearest known word; and that both validators agree."""

import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from contracts.faults import ContractError
from contracts.load import HERE, bundled, load
from contracts.model import Bundle
from contracts.schema import Schema
from contracts.show import detail
from tests.running import roomcheck

SOS = load("sos")
GENERATED = 2000
"""Payloads an event and direction on which the two validators must agree."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HERE / "sos", tmp_path / "copy"))


def faults(folder: Path) -> list[str]:
    with pytest.raises(ContractError) as caught:
        load(str(folder))
    return [f"{fault.file.relative_to(folder)}:{fault.line}: {fault.message}" for fault in caught.value.faults]


def changed(path: Path, old: str, new: str) -> int:
    """Replace the first occurrence, and return its line."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize("name", bundled())
def test_bundled_contracts_are_in_order(name: str) -> None:
    run = roomcheck("contracts", "validate", name)
    assert run.returncode == 0, run.stderr
    assert "all in order" in run.stdout


def test_the_sos_contracts_are_complete() -> None:
    both = {"message:typing:start", "message:typing:stop"}
    assert len(SOS.events) == 16
    assert {name for name, event in SOS.events.items() if event.request and event.broadcast} == both
    assert len(SOS.calls) == 6
    assert SOS.room.template == "sos:{sosId}"
    assert SOS.room.retired == ("sos-{sosId}",)
    assert {retired.event for retired in SOS.retired} == {"message:new", "message:error", "message:send"}
    for part in parts(SOS):
        assert len(part.examples.valid) >= 3
        assert len(part.examples.invalid) >= 5


def parts(bundle: Bundle) -> list[Any]:
    return [*bundle.requests(), *bundle.broadcasts()]


def test_an_unknown_key_is_refused_with_the_nearest(copy: Path) -> None:
    path = copy / "events" / "location.location-update.json"
    line = changed(path, '"summary"', '"sumary"')
    assert f"events/{path.name}:{line}: unknown key `sumary`; did you mean `summary`?" in faults(copy)


def test_an_unknown_schema_keyword_is_refused_with_the_nearest(copy: Path) -> None:
    path = copy / "events" / "location.location-update.json"
    line = changed(path, '"required": ["sosId", "latitude"', '"requried": ["sosId", "latitude"')
    assert faults(copy) == [f"events/{path.name}:{line}: unknown key `requried`; did you mean `required`?"]


def test_a_reference_to_elsewhere_is_refused_and_never_fetched(copy: Path) -> None:
    path = copy / "events" / "sos.sos-init.json"
    changed(path, '{"type": "string", "minLength": 1}', '{"$ref": "https://example.org/schema.json"}')
    assert any("$ref" in fault for fault in faults(copy))


def test_an_unasserted_format_is_refused(copy: Path) -> None:
    path = copy / "events" / "message.message-broadcast.json"
    changed(path, '"format": "date-time"', '"format": "date-tim"')
    assert any("date-tim" in fault for fault in faults(copy))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"keyword": "maximum"', '"keyword": "minimum"', "this example says `minimum` rejects it, but `maximum` does"),
        ('"latitude": 91', '"latitude": 89', "should be rejected by `maximum`, but the schema accepts it"),
        ('"latitude": -90,', '"latitude": -91,', "this example should be valid, but latitude: expected at least -90"),
        ('"event": "location:update",', '"event": "location:update", "event": "x",', "the key `event` occurs twice"),
        ('"broadcast": "location:broadcast"', '"broadcast": "location:brodcast"', "did you mean `location:broadcast`?"),
        ('"client_to_server"', '"client_to_sever"', "did you mean `client_to_server`?"),
    ],
)
def test_what_a_contract_file_may_not_say(copy: Path, old: str, new: str, message: str) -> None:
    path = copy / "events" / "location.location-update.json"
    changed(path, old, new)
    assert any(message in fault for fault in faults(copy)), faults(copy)


def test_fields_that_the_payload_does_not_have_are_refused(copy: Path) -> None:
    path = copy / "events" / "location.location-broadcast.json"
    line = changed(path, '"sender": "userId"', '"sender": "userID"')
    assert faults(copy) == [f"events/{path.name}:{line}: the payload has no field `userID`; did you mean `userId`?"]


def test_a_request_without_effect_and_reply_is_refused(copy: Path) -> None:
    path = copy / "events" / "sos.sos-init.json"
    changed(path, '    "effect": {"membership": "enter"},\n', "")
    assert faults(copy) == [
        f"events/{path.name}:1: the request 'sos:init' has neither an `effect` nor a `reply`: add one of them"
    ]


def test_a_contract_too_deep_to_read_is_refused(copy: Path) -> None:
    (copy / "events" / "sos.sos-init.json").write_text("[" * 50_000)
    assert "events/sos.sos-init.json:1: is nested too deeply to be a contract" in faults(copy)


def test_broken_files_are_named_with_their_line(copy: Path) -> None:
    (copy / "events" / "sos.sos-init.json").write_bytes(b'{"event": \xff}')
    (copy / "events" / "sos.sos-close.json").write_text('{\n"event": "sos:close",\n}')
    (copy / "bundle.json").unlink()
    (copy / "bundle.json").mkdir()
    with pytest.raises(ContractError) as caught:
        load(str(copy))
    assert "no contracts here" in str(caught.value)
    (copy / "bundle.json").rmdir()
    shutil.copy(HERE / "sos" / "bundle.json", copy / "bundle.json")
    found = faults(copy)
    assert any(fault.startswith("events/sos.sos-init.json:1: is not UTF-8") for fault in found)
    assert any(fault.startswith("events/sos.sos-close.json:3: is not JSON") for fault in found)


def test_show_and_list_name_everything() -> None:
    listed = roomcheck("contracts", "list").stdout
    assert all(event in listed for event in SOS.events)
    assert all(event in (detail(SOS, event) or "").splitlines()[0] for event in SOS.events)
    assert "message:broadcast" in roomcheck("contracts", "show", "message:broadcast").stdout.splitlines()[0]
    assert "POST /api/messages/:sosId" in roomcheck("contracts", "show", "create-message").stdout


# --- the two validators --------------------------------------------------------------------------------------

CHOSEN = (
    None, True, False, 0, -1, 2**60, -(2**60), 0.0, -0.0, 1e308, 1e-308, 1.0, 90.0, -180.0, 180.0000001, "",
    "citizen", "active", "2025-12-27T13:00:00Z", "2025-12-27T23:59:60Z", "2025-02-30T00:00:00Z", "x" * 2001,
    "\u0928\u092e", "\x00", "\U0001f691", "a\u0301", "\u202e",
)  # fmt: skip
"""Values on which validators have been known to differ, or that lie at a bound."""


def value(rng: random.Random, depth: int = 0) -> Any:
    """A value of any kind. Ours, because a library that also shrinks takes 3 ms for each."""
    match rng.randrange(10):
        case 0 if depth < 3:
            return [value(rng, depth + 1) for _ in range(rng.randrange(4))]
        case 1 if depth < 3:
            return {text(rng): value(rng, depth + 1) for _ in range(rng.randrange(4))}
        case 2:
            return text(rng)
        case 3:
            return rng.randrange(-(2**60), 2**60)
        case 4:
            return rng.uniform(-400, 400)
        case _:
            return rng.choice(CHOSEN)


def text(rng: random.Random) -> str:
    points = (
        rng.randrange(0x110000) if rng.random() < 0.3 else rng.randrange(32, 127) for _ in range(rng.randrange(12))
    )
    return "".join(chr(point) for point in points if not 0xD800 <= point < 0xE000)


def payload(rng: random.Random, part: Any) -> Any:
    """A valid example with fields changed, taken away and added, or a value of any kind."""
    if rng.random() < 0.3:
        return value(rng)
    made = json.loads(json.dumps(rng.choice(part.examples.valid)))
    if isinstance(made, dict):
        names = [*sorted(part.payload.properties()), text(rng)]
        for name in rng.choices(names, k=rng.randrange(4)):
            if rng.random() < 0.5:
                made.pop(name, None)
            else:
                made[name] = value(rng)
    return made


SIDES = [(part.event, type(part).__name__, part) for part in parts(SOS)]


@pytest.mark.parametrize(("event", "side", "part"), SIDES, ids=[f"{event} {side}" for event, side, _ in SIDES])
def test_the_fast_and_the_wordy_validator_agree(event: str, side: str, part: Any) -> None:
    rng = random.Random(f"{event} {side}")  # noqa: S311 - the same payloads every time
    verdicts = []
    for _ in range(GENERATED):
        made = payload(rng, part)
        verdicts.append(part.payload.is_valid(made))
        assert verdicts[-1] is (part.payload.explain(made) is None), made
    assert set(verdicts) == {True, False} or not part.payload.document


def test_what_rust_cannot_hold_is_still_judged() -> None:
    schema = Schema({"type": "object", "properties": {"a": {"type": "string"}}})
    assert schema.is_valid({"a": "\ud800"})
    assert not schema.is_valid(["\ud800"])
    deep: Any = {}
    for _ in range(5000):
        deep = {"a": deep}
    assert not schema.is_valid(deep)
