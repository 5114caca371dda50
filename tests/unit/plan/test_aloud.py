"""What everyone receives is sent in texts that careless services change."""

from pathlib import Path

from conformance.model.act import Emit, Together
from conformance.plan.aloud import aloud
from conformance.plan.delivery import TEXTS
from conformance.plan.stimulus import Setting
from contracts.load import load
from tests.running import ROOT


def planned(folder: Path) -> list[Emit]:
    found = aloud(Setting(bundle=load(str(folder)), nonce="n"))
    groups = [step for step in found.steps if isinstance(step, Together)] if found else []
    return [step for group in groups for step in group.steps if isinstance(step, Emit)]


def test_each_text_is_sent_with_an_id_of_the_act() -> None:
    texts = [emit.args[0]["msg"] for emit in planned(ROOT / "tests" / "services" / "chat" / "contracts")]
    assert texts == [f"{text} RC-n-aloud-1 {label}" for label, text in TEXTS.items()]


def test_what_goes_to_rooms_is_none_of_it() -> None:
    assert planned(ROOT / "contracts" / "example") == []
