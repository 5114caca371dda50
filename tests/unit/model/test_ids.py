"""Room ids of a run: their forms, how they are recognised, and what is said where a form is not heard."""

import re
from pathlib import Path

import pytest

from conformance.analysis.reading import read
from conformance.analysis.script import script
from conformance.judge.rule import rules
from conformance.model.ids import (
    DIGITS,
    FORMS,
    HEX_DIGITS,
    LEADING_ZEROS,
    SUBJECTS,
    alike,
    described,
    form_of,
    marks,
    pair_of,
)
from conformance.model.verdict import Finding, Outcome
from conformance.plan.likeness import likeness
from conformance.plan.stimulus import Setting
from conformance.support.errors import UsageError
from conformance.target.capabilities import Capabilities, equip
from conformance.target.secrets import Secrets
from conformance.target.settings import chosen, target_of
from contracts.load import load
from tests.running import settings

EXAMPLE = load("example")
NONCES = [f"{number * 7919:014x}" for number in range(200)]
RULE = next(rule for rule in rules() if rule.id == "similar-ids-do-not-mix")


@pytest.mark.parametrize("nonce", NONCES[:20])
def test_the_ids_of_a_form_are_pairs_that_careless_services_take_for_one(nonce: str) -> None:
    digits, zeros, hexadecimal = (pair_of(form, nonce, 7) for form in FORMS)
    assert all(re.fullmatch("[1-9][0-9]{17}", one) for one in digits)
    assert len(set(digits)) == 2
    assert float(digits[0]) == float(digits[1])
    assert zeros[1] == "0" + zeros[0]
    assert zeros[0].isdigit()
    assert re.fullmatch("[a-f][0-9a-f]{23}", hexadecimal[0])
    assert hexadecimal[1] == hexadecimal[0].upper() != hexadecimal[0]


def test_ids_are_drawn_anew_for_each_run_and_round() -> None:
    ids = [one for nonce in NONCES for number in range(6) for form in FORMS for one in pair_of(form, nonce, number)]
    assert len(set(ids)) == len(ids)
    assert len({described(nonce, FORMS)[1] for nonce in NONCES}) == len(NONCES)
    assert all(len(described(nonce, FORMS)[1]) == 15 for nonce in NONCES)


@pytest.mark.parametrize("form", FORMS)
def test_the_ids_of_a_run_are_known_by_its_marks_and_by_what_is_told_of_them(form: str) -> None:
    for nonce in NONCES:
        own = pair_of(form, nonce, 3)  # type: ignore[arg-type]
        assert all(any(mark in one for mark in marks(nonce)) for one in own)
        assert all(any(one.startswith(begin) for begin in described(nonce, FORMS)) for one in own)
        assert {form_of(one) for one in own} <= {form, "digits"}


def test_an_ordinary_id_has_no_form() -> None:
    assert [form_of(room) for room in ("RC-4c1d-chorus-1", "SOS-2025-000123", "١٢٣", "", "r1")] == [None] * 5
    assert form_of("64f1c0ffee0ddba11ca11ab1") == "hex"
    assert (form_of("123"), form_of("0123")) == ("digits", "leading-zeros")


def test_pairs_are_found_among_rooms_in_any_order() -> None:
    rooms = ["r-12", "0123", "b" * 24, "123456789012345672", "r-1", "123", "123456789012345671", "B" * 24, "x"]
    assert sorted(alike(rooms)) == [
        (DIGITS, "123456789012345672", "123456789012345671"),
        (HEX_DIGITS, "b" * 24, "B" * 24),
        ("ids with a shared prefix", "r-1", "r-12"),
        (LEADING_ZEROS, "123", "0123"),
    ]


def test_the_act_has_ids_of_every_form_that_is_not_switched_off() -> None:
    def played(*forms: str) -> set[str]:
        act = likeness(Setting(bundle=EXAMPLE, nonce="aw", run="a", id_forms=forms))  # type: ignore[arg-type]
        assert act is not None
        return {subject for subject, _, _ in alike(act.rooms)}

    assert played(*FORMS) == set(SUBJECTS)
    assert played("hex") == {subject for subject, form in SUBJECTS.items() if form in (None, "hex")}
    assert played() == {subject for subject, form in SUBJECTS.items() if form is None}


def test_settings_switch_forms_off_and_the_report_says_so(tmp_path: Path) -> None:
    place = settings(tmp_path, realtime_urls=["http://127.0.0.1:1"], id_forms=["hex"])
    target = target_of(chosen("it", place, Secrets()), EXAMPLE, Secrets())
    assert target.id_forms == ("hex",)
    reasons = equip(EXAMPLE, Capabilities(id_forms=target.id_forms, where=target.where)).reasons
    assert reasons[DIGITS] == reasons[LEADING_ZEROS] == "`id_forms` of [targets.it] leaves such ids out"
    assert HEX_DIGITS not in reasons
    wrong = settings(tmp_path, realtime_urls=["http://127.0.0.1:1"], id_forms=["octal"])
    with pytest.raises(UsageError, match="id_forms"):
        chosen("it", wrong, Secrets())


A, B = "123456789012345671", "123456789012345672"
BEGIN = f"""
ann opened a1
ned opened n1
nan opened n2
ann in r-1
ned -> room:enter {{"room": "{A}"}}
ned in {A} assumed
nan -> room:enter {{"room": "{B}"}}
nan in {B} assumed
ned in kept
nan in kept
http add-note {{"room": "r-1"}} {{"text": "heard"}} => 201 {{"id": "n1", "room": "r", "text": "x", "at": 1}}
ann <- note:added {{"id": "n1", "room": "r-1", "text": "heard", "at": 1}}
"""
LOST = (
    BEGIN
    + f"""
http add-note {{"room": "{A}"}} {{"text": "one"}} => 201 {{"id": "n1", "room": "r", "text": "x", "at": 1}}
http add-note {{"room": "{B}"}} {{"text": "two"}} => 201 {{"id": "n1", "room": "r", "text": "x", "at": 1}}
"""
)
FENCE = """
@20 http add-note {"room": "kept"} {"text": "last"} => 201 {"id": "n1", "room": "r", "text": "x", "at": 1}
@20.1 ned <- note:added {"id": "n9", "room": "kept", "text": "last", "at": 1}
@20.1 nan <- note:added {"id": "n9", "room": "kept", "text": "last", "at": 1}
"""


ASKED = f"""
@20 ned -> who {{"room": "{A}"}} #1
@20.1 ned <= who #1 {{"room": "{A}", "sockets": [], "count": 0}}
@20 nan -> who {{"room": "{B}"}} #2
@20.1 nan <= who #2 {{"room": "{B}", "sockets": [], "count": 0}}
"""


def test_a_roster_that_lacks_who_joined_such_a_room_is_no_second_fault() -> None:
    text = LOST.replace(" assumed", " ack") + FENCE + ASKED
    reading = read(EXAMPLE, script(EXAMPLE, text))
    failed = {rule.id for rule in rules() for finding in rule.judge(reading) if finding.outcome is Outcome.FAIL}
    assert failed - {"broadcast-equals-what-is-stored"} == {RULE.id}


def judged(text: str) -> list[Finding]:
    return list(RULE.judge(read(EXAMPLE, script(EXAMPLE, text))))


def outcomes(text: str) -> list[tuple[str, Outcome]]:
    return [(finding.subject, finding.outcome) for finding in judged(text)]


def test_rooms_of_digits_that_nobody_hears_are_a_fault_that_is_told_once() -> None:
    found = judged(LOST + FENCE)
    assert [(finding.subject, finding.outcome) for finding in found] == [
        (DIGITS, Outcome.FAIL),
        (DIGITS, Outcome.INCONCLUSIVE),
    ]
    assert found[0].expected == f"note:added of '{A}' at its members"
    assert len(found[0].evidence) == 4
    reading = read(EXAMPLE, script(EXAMPLE, LOST + FENCE))
    failed = {rule.id for rule in rules() for finding in rule.judge(reading) if finding.outcome is Outcome.FAIL}
    # Every call of the script is answered with one note, which is no finding of this test.
    assert failed - {"broadcast-equals-what-is-stored"} == {RULE.id}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(LOST, id="no fence"),
        pytest.param(LOST.replace("ann <- note:added", "bob <- note:added") + ASKED, id="no other room is heard"),
        pytest.param(
            LOST + 'ned <- problem {"code": "NO_ID"}\nnan <- problem {"code": "NO_ID"}' + FENCE, id="an error"
        ),
        pytest.param(BEGIN + f'http add-note {{"room": "{A}"}} {{"text": "one"}} => 404 {{}}' + FENCE, id="a status"),
    ],
)
def test_rooms_that_nobody_hears_are_no_fault_without_proof(text: str) -> None:
    assert {outcome for _, outcome in outcomes(text)} == {Outcome.INCONCLUSIVE}


def test_a_socket_that_hears_the_room_of_the_other_number_is_a_leak() -> None:
    heard = f"""
ned <- note:added {{"id": "n1", "room": "{A}", "text": "one", "at": 1}}
nan <- note:added {{"id": "n1", "room": "{A}", "text": "one", "at": 1}}
"""
    assert (DIGITS, Outcome.FAIL) in outcomes(LOST + heard + FENCE)


def test_ids_of_digits_that_are_heard_in_their_own_rooms_alone_pass() -> None:
    heard = f"""
ned <- note:added {{"id": "n1", "room": "{A}", "text": "one", "at": 1}}
nan <- note:added {{"id": "n2", "room": "{B}", "text": "two", "at": 1}}
"""
    assert {outcome for _, outcome in outcomes(LOST + heard + FENCE)} == {Outcome.PASS}
