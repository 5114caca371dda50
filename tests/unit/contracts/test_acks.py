"""Acks in contracts: how they refuse, what they promise, what clients answer, and what contradicts itself."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from contracts.faults import ContractError
from contracts.load import load
from contracts.replies import UNSAID, RefusedAck
from contracts.show import detail
from tests.running import ROOT

LIGHTHOUSE = ROOT / "tests/cases/lighthouse_acks/contracts"


@pytest.mark.parametrize(
    ("at", "const", "args", "refused"),
    [
        ("/0", UNSAID, ["no", None], True),
        ("/0", UNSAID, [{"code": "X"}], True),
        ("/0", UNSAID, [False], True),
        ("/0", UNSAID, [None, {"lamp": "a"}], False),
        ("/0", UNSAID, [], False),
        ("/0/error", UNSAID, [{"error": "no"}], True),
        ("/0/error", UNSAID, [{"error": None}], False),
        ("/0/error", UNSAID, [{"ok": True}], False),
        ("/0/ok", False, [{"ok": False}], True),
        ("/0/ok", False, [{"ok": True}], False),
        ("/0/ok", False, [{"ok": 0}], False),
        ("/0/status", "error", [{"status": "error"}], True),
        ("/0/status", "error", [{}], False),
    ],
)
def test_an_ack_refuses_by_the_value_at_its_place(at: str, const: Any, args: list[Any], refused: bool) -> None:
    assert RefusedAck(at=at, const=const).is_in(args) is refused


def test_clients_answer_the_first_valid_example() -> None:
    assert load(str(LIGHTHOUSE)).answers == {"lamp:lit": ({"seen": True},), "horn:sounded": ()}


def faults(tmp_path: Path, name: str, where: tuple[str, ...], value: Any) -> list[str]:
    """What is wrong with the lighthouse's contracts once a part of a file is another."""
    folder = tmp_path / "contracts"
    shutil.copytree(LIGHTHOUSE, folder)
    path = folder / "events" / name
    document = json.loads(path.read_text())
    inner = document
    for step in where[:-1]:
        inner = inner[step]
    inner[where[-1]] = value
    path.write_text(json.dumps(document, indent=2))
    with pytest.raises(ContractError) as caught:
        load(str(folder))
    return [f"{fault.file.name}:{fault.line}: {fault.message}" for fault in caught.value.faults]


REPLY = ("client_to_server", "reply")


@pytest.mark.parametrize(
    ("name", "where", "value", "said"),
    [
        (
            "lamp-light.json",
            (*REPLY, "promises"),
            "membership",
            "lamp-light.json:57: promises membership, but the request makes no member: say `effect`: `membership`: `enter`",
        ),
        (
            "lamp-unwatch.json",
            (*REPLY, "refused", "at"),
            "/2",
            "lamp-unwatch.json:30: the reply has no argument 2, at which it would say that it was refused; it has 1",
        ),
        (
            "lamp-watch.json",
            (*REPLY, "refused"),
            {"at": "/1/lamp"},
            "lamp-watch.json:51: this example of a good reply says that the request was refused (`refused` at `/1/lamp`)",
        ),
        (
            "horn-sounded.json",
            ("server_to_client", "volatile"),
            True,
            "horn-sounded.json:14: an event that may be lost (`volatile`) is not delivered at least once: say one of the two",
        ),
        (
            "lamp-lit.json",
            ("server_to_client", "answer", "examples", "valid"),
            [{"seen": 1}],
            "lamp-lit.json:53: this example should be valid, but seen: expected true, got 1",
        ),
        (
            "lamp-lit.json",
            ("server_to_client", "answer", "args"),
            [],
            "lamp-lit.json:39: answer: give either `payload`, the one argument, or `args`, a list of schemas",
        ),
        (
            "lamp-watch.json",
            (*REPLY, "refused", "cosnt"),
            False,
            "lamp-watch.json:59: unknown key `cosnt`; did you mean `const`?",
        ),
    ],
)
def test_what_contradicts_itself_is_refused(
    tmp_path: Path, name: str, where: tuple[str, ...], value: Any, said: str
) -> None:
    assert said in faults(tmp_path, name, where, value)


def test_what_answers_say_is_shown() -> None:
    bundle = load(str(LIGHTHOUSE))
    shown = detail(bundle, "lamp:watch") or ""
    assert (
        "a good answer promises: membership\nrefused where /0 of the answer's arguments is present and not null"
        in shown
    )
    assert "answer, argument 1 of 1" not in shown
    assert 'answer:\n  {\n    "type": "object"' in (detail(bundle, "lamp:lit") or "")
    assert "at least once: it may be sent again until it is acked" in (detail(bundle, "horn:sounded") or "")
