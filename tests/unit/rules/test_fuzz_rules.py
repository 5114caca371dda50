"""The rules of fuzz: silent on their honest scripts, speaking on their lying ones, and silent for each of their guards."""

import pytest

from conformance.analysis.bad_input import UNKNOWN
from conformance.analysis.reading import read
from conformance.analysis.script import script
from conformance.fuzz_rules.refused_input_is_not_stored import REFUSED
from conformance.fuzz_rules.service_stays_up import BAD, PAIR
from conformance.judge.rule import Rule, fuzz_rules
from conformance.model.transcript import UNCONNECTED
from conformance.model.verdict import Finding, Outcome
from contracts.load import load

EXAMPLE = load("example")
NOT_STORED, STAYS_UP = fuzz_rules()
GONE = f"stage missed {UNCONNECTED}the service stopped answering\n"


def findings(rule: Rule, lines: str) -> list[Finding]:
    return list(rule.judge(read(EXAMPLE, script(EXAMPLE, lines))))


@pytest.mark.parametrize("rule", fuzz_rules(), ids=lambda rule: rule.id)
def test_a_rule_of_fuzz_passes_its_honest_script_and_speaks_on_its_lying_one(rule: Rule) -> None:
    assert {finding.outcome for finding in findings(rule, rule.silent)} == {Outcome.PASS}
    (failure,) = findings(rule, rule.speaks)
    assert failure.outcome is Outcome.FAIL
    assert failure.evidence
    assert rule.why


def outcomes(lines: str) -> list[tuple[str, Outcome]]:
    """What is found, each with the request that it says everything ended after, where it says that of one."""
    found = findings(STAYS_UP, lines)
    return [(one.got.partition(" ms after ")[2].partition(",")[0], one.outcome) for one in found]


def test_the_last_bad_input_before_everything_ended_is_named() -> None:
    lines = BAD + 'ann -> nobody:knows {"room": "r1"}\nann closed service\nbob closed service\n'
    assert outcomes(lines) == [(UNKNOWN, Outcome.FAIL)]


def test_a_service_that_is_gone_is_named_where_only_bad_sockets_were_open() -> None:
    lines = 'ann opened a1 user=ua token=own\nann -> pen:take {"room": 1}\nann closed service\n'
    assert outcomes(lines) == []
    assert outcomes(lines + GONE) == [("pen:take", Outcome.FAIL)]


def test_a_service_that_is_gone_is_named_however_far_apart_its_connections_ended() -> None:
    lines = BAD + "ann closed service\n@3.0 bob closed service\n@9.0 " + GONE
    assert outcomes(lines) == [("pen:take", Outcome.FAIL)]


def test_a_connection_that_ended_long_before_the_service_is_not_its_end() -> None:
    lines = BAD + 'ann closed service\n@6.0 bob <- problem {"code": "E"}\nbob closed service\n' + GONE
    assert [outcome for _, outcome in outcomes(lines)] == [Outcome.INCONCLUSIVE]


def test_a_bad_socket_that_is_hung_up_on_alone_says_nothing_of_the_service() -> None:
    assert outcomes(BAD + "ann closed service\n") == []


def test_connections_that_we_end_say_nothing() -> None:
    assert outcomes(BAD + "ann closed us\nbob closed us\n") == []


def test_an_end_long_after_bad_input_may_have_another_cause() -> None:
    lines = BAD + "@8.0 ann closed service\n@8.0 bob closed service\n"
    assert outcomes(lines) == [("", Outcome.INCONCLUSIVE)]


def test_ends_that_are_far_apart_are_none_of_the_service() -> None:
    assert outcomes(BAD + "ann closed service\n@9.0 bob closed service\n") == []


def test_an_end_before_bad_input_is_not_its_effect() -> None:
    lines = (
        PAIR
        + '@1.0 ann closed service\nbob closed service\ncat opened c1 user=uc token=own\ncat -> pen:take {"room": 1}\n'
    )
    assert [outcome for _, outcome in outcomes(lines)] == [Outcome.INCONCLUSIVE]


def test_a_bad_call_is_bad_input_too() -> None:
    lines = (
        PAIR + '@1.0 http add-note {"room": "r1"} {} => 400 {"error": "e"}\nann closed service\nbob closed service\n'
    )
    assert outcomes(lines) == [("POST /notes/:room", Outcome.FAIL)]


def test_a_connection_to_the_next_process_need_not_end() -> None:
    lines = BAD + "cat opened c1 user=uc token=own\nann closed service\nbob closed service\n"
    assert outcomes(lines) == [("pen:take", Outcome.FAIL)]


def test_all_that_was_sent_right_before_the_end_is_shown() -> None:
    lines = BAD + 'ann -> pen:take {"room": "r1"}\nann closed service\nbob closed service\n'
    (finding,) = findings(STAYS_UP, lines)
    assert len(finding.evidence) == 3


def test_without_bad_input_nothing_is_judged() -> None:
    assert outcomes(PAIR + "ann closed service\nbob closed service\n" + GONE) == []


LISTED = 'http list-notes {"room": "r1"} => 200 {"notes": [{"id": "n1", "at": 1}, {"id": "n2", "at": 2}], "total": 2}\n'


def stored(lines: str) -> list[Outcome]:
    return [finding.outcome for finding in findings(NOT_STORED, lines)]


def test_what_was_taken_explains_what_is_listed() -> None:
    taken = 'http add-note {"room": "r1"} {"text": "b"} => 201 {"id": "n2", "room": "r1", "text": "b", "at": 2}\n'
    assert stored(REFUSED + LISTED) == [Outcome.FAIL]
    assert stored(REFUSED + taken + LISTED) == [Outcome.PASS]


def test_a_creation_that_was_not_refused_may_be_stored() -> None:
    accepted = 'http add-note {"room": "r1"} {"text": 1} => 201 {"id": "n2"}\n'
    assert stored(REFUSED + accepted + LISTED) == [Outcome.PASS]


def test_a_creation_in_another_room_explains_nothing() -> None:
    elsewhere = 'http add-note {"room": "r2"} {"text": "b"} => 201 {"id": "n2", "room": "r2", "text": "b", "at": 2}\n'
    assert stored(REFUSED + elsewhere + LISTED) == [Outcome.FAIL]


def test_a_list_without_anything_shows_nothing() -> None:
    assert stored(REFUSED + 'http list-notes {"room": "r1"} => 200 {"notes": [], "total": 0}\n') == [
        Outcome.INCONCLUSIVE
    ]
    assert stored(PAIR + LISTED) == []
    assert stored(REFUSED + 'http list-notes {"room": "r1"} => 500 {"notes": []}\n') == []
