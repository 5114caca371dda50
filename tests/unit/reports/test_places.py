"""The subject of a verdict without its place, of journals with the place in a field and of those from before."""

import msgspec
import pytest

from conformance.model.verdict import Outcome, Verdict
from reports.parts.places import place_of, subject_of

PLACE = "docs/guide.md:12:5"


def verdict(subject: str, place: str = "", transport: str = "read", evidence: tuple[str, ...] = ()) -> Verdict:
    return Verdict(
        rule="x", subject=subject, transport=transport, outcome=Outcome.FAIL, message="", clause="", source="",
        place=place, evidence=evidence,
    )  # fmt: skip


VERDICTS = {
    "a drift": (verdict(f"pen:taken ({PLACE})", PLACE), "pen:taken", PLACE),
    "a name with brackets": (verdict(f"f(x) ({PLACE})", PLACE), "f(x)", PLACE),
    "a file with brackets": (verdict("pen:taken (guide (1).md:2:1)", "guide (1).md:2:1"), "pen:taken", "guide (1).md:2:1"),
    "a drift of before": (verdict(f"pen:taken ({PLACE})", evidence=(PLACE, "see also x:1")), "pen:taken", PLACE),
    "a file that agrees": (verdict("guide (copy)"), "guide (copy)", ""),
    "a reply": (verdict("who (reply)", transport="websocket", evidence=("x",)), "who", ""),
}  # fmt: skip


@pytest.mark.parametrize("what", VERDICTS)
def test_the_place_is_no_part_of_the_subject(what: str) -> None:
    made, subject, place = VERDICTS[what]
    assert (subject_of(made), place_of(made)) == (subject, place)


def test_a_verdict_without_the_field_is_read() -> None:
    encoded = msgspec.json.encode(verdict("pen:taken")).replace(b',"place":""', b"")
    assert b"place" not in encoded
    assert msgspec.json.decode(encoded, type=Verdict).place == ""
