"""The rule about connection state recovery: what it accuses, and what keeps it silent."""

import dataclasses

import pytest

from conformance.judge.judge import judge
from conformance.model.verdict import Outcome
from contracts.recovery import Recovery
from tests.unit.scripts import EXAMPLE, PAIR, RULES, outcomes, transcript_of

RULE = "missed-events-are-replayed"
LOST = PAIR + "@1 bob closed us\n"
RED, BLUE = '{"room": "r1", "pen": "red"}', '{"room": "r1", "pen": "blue"}'
MISSED = f"@1.1 ann <- pen:taken {RED}\n"
BACK = "@1.5 back opened b1 resumes=bob offset=o\n"
AGAIN = f"@1.6 back <- pen:taken {RED}\n"
EARLY = f"@1.4 back <- pen:taken {RED}\n"
LATER = f"@1.7 ann <- pen:taken {BLUE}\n@1.8 back <- pen:taken {BLUE}\n"
GREEN = '{"room": "r1", "pen": "green"}'
TOLD = f"@2 ann -> pen:take {GREEN}\n@2.1 ann <- pen:taken {GREEN}\n"
ASKED = '@9 back -> who {"room": "r1"} #8\n@9.1 back <= who #8 {"room": "r1", "sockets": [], "count": 0}\n'

JUDGED = {
    "sent again": (RULE, LOST + MISSED + BACK + AGAIN + LATER, ["pass"]),
    "sent again before the session was confirmed": (RULE, LOST + MISSED + EARLY + BACK + LATER, ["pass"]),
    "never sent again": (RULE, LOST + MISSED + BACK + LATER, ["fail"]),
    "sent again with another value": (RULE, LOST + MISSED + BACK + AGAIN.replace("red", "green") + LATER, ["fail"]),
    "sent again twice": (RULE, LOST + MISSED + BACK + AGAIN + AGAIN + LATER, ["fail"]),
    "nothing came later": (RULE, LOST + MISSED + BACK, ["inconclusive"]),
    "what came later came to it alone": (
        RULE,
        LOST + MISSED + BACK + f"@1.8 back <- pen:taken {BLUE}\n",
        ["inconclusive"],
    ),
    "nothing was missed": (RULE, LOST + BACK + LATER, []),
    "what was missed came before the loss": (RULE, PAIR + MISSED + "@1.2 bob closed us\n" + BACK + LATER, []),
    "others were told something": (
        RULE,
        LOST + '@1.1 ann <- problem {"code": "X"}\n' + BACK + LATER,
        [],
    ),
    "another session": (RULE, LOST + MISSED + BACK.replace("b1", "b2") + LATER, ["fail"]),
    "another session, with nothing to resume from": (
        RULE,
        LOST + MISSED + BACK.replace("b1", "b2").replace("offset=o", "offset=") + LATER,
        ["fail"],
    ),
    "ended by the service": (RULE, LOST.replace("closed us", "closed service") + MISSED + BACK + LATER, ["inconclusive"]),
    "too late": (RULE, LOST + MISSED + BACK.replace("@1.5", "@11") + LATER.replace("@1.", "@12."), ["inconclusive"]),
    "in the nick of time": (RULE, LOST + MISSED + BACK.replace("@1.5", "@10.9") + LATER.replace("@1.", "@12."), ["fail"]),
    "told in its room once it was back": (RULE, LOST + MISSED + BACK + AGAIN + TOLD + f"@2.1 back <- pen:taken {GREEN}\n", ["pass"]),
    "not told in its room once it was back": (RULE, LOST + MISSED + BACK + AGAIN + TOLD + ASKED, ["pass", "fail"]),
    "not told, and nothing shows that it was": (RULE, LOST + MISSED + BACK + AGAIN + TOLD, ["pass", "inconclusive"]),
    "nobody was told once it was back": (RULE, LOST + MISSED + BACK + AGAIN + TOLD.splitlines()[0] + "\n" + ASKED, ["pass"]),
    "told in its room while it was away": (RULE, LOST + TOLD.replace("@2.1", "@1.3").replace("@2 ", "@1.2 ") + BACK + ASKED, ["inconclusive"]),
    "a session of its own": (RULE, LOST + MISSED + "back opened b1\n" + LATER, []),
}  # fmt: skip
PROMISING = dataclasses.replace(EXAMPLE, recovery=Recovery(within_s=10, source="the guide"))


@pytest.mark.parametrize("what", JUDGED)
def test_who_comes_back_is_judged_as_documented(what: str) -> None:
    rule, text, expected = JUDGED[what]
    assert outcomes(rule, text, PROMISING) == expected


def test_a_session_without_an_offset_is_not_judged() -> None:
    transcript = transcript_of(LOST + MISSED + BACK + LATER)
    entries = tuple(
        type(entry)(**{**{name: getattr(entry, name) for name in entry.__struct_fields__}, "offset": ""})
        if getattr(entry, "resumes", "")
        else entry
        for entry in transcript.entries
    )
    verdicts, _ = judge(PROMISING, [transcript_of("", entries=entries)], [RULES[RULE]])
    assert [(one.outcome, one.message) for one in verdicts] == [
        (Outcome.INCONCLUSIVE, "before the loss nothing came that a client could resume from")
    ]


def test_no_other_rule_judges_the_act_in_which_a_session_is_resumed() -> None:
    text = LOST + MISSED + BACK + AGAIN + LATER

    def judging(act: str) -> set[str]:
        verdicts, _ = judge(PROMISING, [transcript_of(text, act=act)], RULES.values())
        return {verdict.rule for verdict in verdicts}

    assert judging("recovery") == {RULE}
    assert judging("another") > {RULE, "socket-connects", "payload-keeps-its-schema"}


def test_it_is_asked_only_where_it_is_promised() -> None:
    rule = RULES[RULE]
    assert list(rule.subjects(EXAMPLE)) == []
    assert list(rule.subjects(PROMISING)) == ["connection state recovery"]


def test_what_is_volatile_need_not_be_sent_again() -> None:
    taken = EXAMPLE.events["pen:taken"]
    assert taken.broadcast is not None
    volatile = dataclasses.replace(taken, broadcast=dataclasses.replace(taken.broadcast, volatile=True))
    bundle = dataclasses.replace(PROMISING, events={**EXAMPLE.events, "pen:taken": volatile})
    assert outcomes(RULE, LOST + MISSED + BACK + LATER, bundle) == []
