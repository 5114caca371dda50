"""Binary values that a check makes: marked, at the bounds of their sizes, and no more of them than a packet may have."""

from collections.abc import Iterator
from typing import Any

from conformance.model.act import Emit, InOrder, Step, Together
from conformance.model.marks import marks_in
from conformance.plan.bounds import edges_of
from conformance.plan.forging import forgeries
from conformance.plan.forms import MOST_ATTACHMENTS
from conformance.plan.stimulus import Setting, cue
from contracts.binary import attachments_count, bytes_of
from contracts.load import load
from tests.running import ROOT

DARKROOM = load(str(ROOT / "tests/cases/darkroom_binary/contracts"))
SETTING = Setting(bundle=DARKROOM, nonce="n", run="n")


def flat(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        yield step
        if isinstance(step, Together | InOrder):
            yield from flat(step.steps)


def made(event: str, mark: str) -> Any:
    broadcast = DARKROOM.broadcast(event)
    assert broadcast is not None
    one = cue(SETTING, broadcast, "RC-n", "ann", mark)
    assert one is not None
    return one.match


def test_a_binary_value_that_comes_out_as_it_went_in_is_unlike_others() -> None:
    first, second = made("frame:developed", "one")["light"], made("frame:developed", "two")["light"]
    assert (bytes_of(first), bytes_of(second)) == (b"\x01\x02\xffone", b"\x01\x02\xfftwo")
    assert bytes_of(made("tinted", "m" * 100)["dye"]) == b"m" * 64  # Its most, by the contract.


def test_binary_values_are_tried_at_the_bounds_of_their_sizes() -> None:
    request = DARKROOM.request("frame:expose")
    assert request is not None
    plain, *examples = request.examples.valid
    found = edges_of(request.payload, plain, tuple(examples), "film")
    assert {len(bytes_of(one.payload["light"]) or b"") for one in found} >= {1, 4096}


def test_what_a_client_forges_has_no_more_attachments_than_a_server_takes() -> None:
    act = forgeries(SETTING)
    assert act is not None
    forged = [step for step in flat(act.steps) if isinstance(step, Emit) and step.event == "frame:developed"]
    counts = {attachments_count(step.args) for step in forged}
    assert 1 in counts
    assert max(counts) <= MOST_ATTACHMENTS
    assert all(marks_in(step.args) for step in forged)
