"""What is late with everything else is not missing; what is missing is found however short the deadlines are."""

import msgspec

from conformance.analysis.reading import read
from conformance.analysis.script import script
from conformance.judge.rule import rules
from conformance.model.transcript import Called, Transcript
from conformance.model.verdict import Finding, Outcome
from contracts.load import load
from tests.peers.tampering import Law
from tests.peers.test_broken_connections import ROOMS, accusing, checked

EXAMPLE = load("example")
ROSTER = '{"room": "r1", "sockets": [], "count": 0}'
MEMBERS = """
ann opened a1 user=ua token=own
bob opened b1 user=ub token=own
ann in r1
bob in r1
"""
POSTED = """
@1.0 http add-note {"room": "r1"} {"text": "hello"} => 201 {}
"""
NOTED = '<- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}\n'
TAKEN = """
@1.0 ann -> pen:take {"room": "r1", "pen": "red"}
"""


def asked(actor: str, at_s: float, answered_s: float | None, number: int = 7) -> str:
    """A question that an actor puts, and its answer."""
    answer = f"@{answered_s} {actor} <= who #{number} {ROSTER}\n" if answered_s is not None else ""
    return f'@{at_s} {actor} -> who {{"room": "r1"}} #{number}\n{answer}'


def fenced(actor: str, at_s: float) -> str:
    """Two questions, the second put when the first is answered."""
    return asked(actor, at_s, at_s + 0.1, 7) + asked(actor, at_s + 0.2, at_s + 0.3, 8)


def played(text: str, ended_s: float = 12.0, stalls: tuple[tuple[float, float], ...] = ()) -> Transcript:
    return msgspec.structs.replace(script(EXAMPLE, text), ended_s=ended_s, stalls=stalls)


def found(rule: str, transcript: Transcript) -> list[Finding]:
    judge = next(one for one in rules() if one.id == rule).judge
    return [finding for finding in judge(read(EXAMPLE, transcript)) if finding.outcome is not Outcome.PASS]


def outcomes(rule: str, text: str, **more: float | tuple[tuple[float, float], ...]) -> list[Outcome]:
    return [finding.outcome for finding in found(rule, played(text, **more))]  # type: ignore[arg-type]


FAIL, UNCLEAR = [Outcome.FAIL], [Outcome.INCONCLUSIVE]
EVERYONE = "everyone-in-the-room-receives"


class TestOneOfTheRoomIsWithoutIt:
    """`ann` has the note and `bob` has not; contracts grant 2 s."""

    HEARD = MEMBERS + POSTED + "@1.1 ann " + NOTED

    def test_nothing_that_was_asked_for_later_arrived(self) -> None:
        assert outcomes(EVERYONE, self.HEARD) == UNCLEAR

    def test_a_question_of_after_the_others_copy_was_answered(self) -> None:
        assert outcomes(EVERYONE, self.HEARD + asked("bob", 1.2, 1.3)) == FAIL

    def test_a_question_of_before_the_others_copy_was_answered(self) -> None:
        late = MEMBERS + POSTED + asked("bob", 1.05, 1.2) + "@1.3 ann " + NOTED
        assert outcomes(EVERYONE, late) == UNCLEAR

    def test_a_question_of_after_the_deadline_was_answered_and_the_others_copy_came_later(self) -> None:
        late = MEMBERS + POSTED + asked("bob", 4.0, 4.1) + "@6.0 ann " + NOTED
        assert outcomes(EVERYONE, late) == UNCLEAR
        assert outcomes(EVERYONE, late + asked("bob", 6.1, 6.2, number=8)) == FAIL

    def test_the_act_ended_before_the_deadline(self) -> None:
        assert outcomes(EVERYONE, self.HEARD + asked("bob", 1.2, 1.3), ended_s=2.5) == UNCLEAR

    def test_our_own_side_was_held_up_for_the_rest_of_the_deadline(self) -> None:
        text = self.HEARD + asked("bob", 1.2, 1.3)
        assert outcomes(EVERYONE, text, ended_s=3.5, stalls=((1.3, 1.0),)) == UNCLEAR
        assert outcomes(EVERYONE, text, ended_s=4.5, stalls=((1.3, 1.0),)) == FAIL

    def test_others_were_served_at_once_and_long_after_the_deadline(self) -> None:
        """A service that sends nothing more to one socket gives no fence on it."""
        assert outcomes(EVERYONE, self.HEARD + asked("ann", 4.0, 4.1) + asked("bob", 4.0, None)) == FAIL

    def test_others_were_served_as_late(self) -> None:
        assert outcomes(EVERYONE, self.HEARD + asked("ann", 4.0, 8.0) + asked("bob", 4.0, None)) == UNCLEAR

    def test_its_connection_had_ended(self) -> None:
        closed = self.HEARD + "@1.15 bob closed service close frame 1012\n"
        # The one whose connection ended in time was no member to the end, and is owed nothing.
        assert outcomes(EVERYONE, closed + asked("ann", 4.0, 4.1)) == []
        later = self.HEARD + asked("ann", 4.0, 4.1) + "@5.0 bob closed service close frame 1012\n"
        (finding,) = found(EVERYONE, played(later))
        assert finding.outcome is Outcome.INCONCLUSIVE
        assert "the connection of bob was ended by the service (close frame 1012)" in finding.message

    def test_nodes_pass_a_broadcast_on_by_a_road_of_their_own(self) -> None:
        apart = self.HEARD.replace("a1 user", "a1 node=a user").replace("b1 user", "b1 node=b user")
        assert outcomes(EVERYONE, apart + asked("bob", 1.2, 1.3)) == UNCLEAR
        assert outcomes(EVERYONE, apart + asked("bob", 4.2, 4.3)) == FAIL


class TestNobodyHasIt:
    RULE = "request-has-its-effect"

    def test_nothing_that_was_asked_for_later_arrived(self) -> None:
        assert outcomes(self.RULE, MEMBERS + TAKEN) == UNCLEAR

    def test_a_question_of_before_the_deadline_was_answered(self) -> None:
        assert outcomes(self.RULE, MEMBERS + TAKEN + asked("bob", 1.5, 1.6)) == UNCLEAR

    def test_a_question_of_after_the_deadline_was_answered(self) -> None:
        assert outcomes(self.RULE, MEMBERS + TAKEN + asked("ann", 4.0, 4.1) + asked("bob", 4.2, 4.3)) == FAIL

    def test_and_whether_the_cause_was_read_is_not_known(self) -> None:
        """The sender's socket may be behind the others'."""
        text = MEMBERS + TAKEN + asked("bob", 4.0, 4.6)
        assert outcomes(self.RULE, text, ended_s=4.7) == UNCLEAR
        assert outcomes(self.RULE, text, ended_s=4.9) == FAIL, "it is overdue three times as long as all else takes"

    def test_and_the_cause_was_read_after_the_question_was_put(self) -> None:
        assert (
            outcomes(self.RULE, MEMBERS + TAKEN + asked("bob", 4.0, 4.1) + asked("ann", 4.0, 5.0), ended_s=5.1)
            == UNCLEAR
        )

    def test_the_senders_connection_ended_before_the_deadline(self) -> None:
        ended = MEMBERS + TAKEN + "@1.5 ann closed service disconnect packet\n" + fenced("bob", 4.0)
        assert outcomes(self.RULE, ended) == UNCLEAR

    def test_of_a_call(self) -> None:
        """That it was read, its answer shows."""
        rule = "broadcast-arrives"
        assert outcomes(rule, MEMBERS + POSTED) == UNCLEAR
        assert outcomes(rule, MEMBERS + POSTED + asked("bob", 1.5, 1.6)) == UNCLEAR
        assert outcomes(rule, MEMBERS + POSTED + asked("bob", 4.0, 4.1)) == FAIL


class TestAnAnswerDoesNotCome:
    RULE = "request-has-its-effect"
    UNANSWERED = MEMBERS + asked("ann", 1.0, None, number=1)

    def test_nothing_that_was_asked_for_later_arrived(self) -> None:
        assert outcomes(self.RULE, self.UNANSWERED) == UNCLEAR

    def test_a_later_question_was_answered(self) -> None:
        assert outcomes(self.RULE, self.UNANSWERED + fenced("ann", 4.0)) == FAIL

    def test_its_connection_had_ended(self) -> None:
        ended = self.UNANSWERED + "@1.5 ann closed client ping timeout\n" + asked("bob", 4.0, 4.1)
        assert outcomes(self.RULE, ended) == UNCLEAR

    def test_an_error_does_not_come(self) -> None:
        bad = MEMBERS + '@1.0 ann -> pen:take {"room": "r1"}\n'
        assert outcomes("bad-request-gets-an-error", bad) == UNCLEAR
        assert outcomes("bad-request-gets-an-error", bad + fenced("ann", 4.0)) == FAIL
        assert (
            outcomes("bad-request-gets-an-error", bad + "@1.5 ann closed service\n" + asked("bob", 4.0, 4.1)) == UNCLEAR
        )


class TestACallIsNotAnswered:
    RULE = "calls-answer-as-documented"
    LOST = MEMBERS + POSTED.replace("201 {}", 'null "no whole answer within 10 s"')

    def lasting(self, text: str, **more: float | tuple[tuple[float, float], ...]) -> list[Outcome]:
        """The call lasts ten seconds."""
        read = played(text, **more)  # type: ignore[arg-type]
        entries = [
            msgspec.structs.replace(entry, done_s=11.0) if isinstance(entry, Called) else entry
            for entry in read.entries
        ]
        return [one.outcome for one in found(self.RULE, msgspec.structs.replace(read, entries=tuple(entries)))]

    def test_and_all_else_is_as_slow(self) -> None:
        assert self.lasting(self.LOST) == UNCLEAR
        assert self.lasting(self.LOST + asked("bob", 2.0, 6.0)) == UNCLEAR

    def test_and_what_was_asked_for_later_was_answered(self) -> None:
        assert self.lasting(self.LOST + asked("bob", 2.0, 2.1)) == FAIL

    def test_and_our_own_side_was_held_up(self) -> None:
        assert self.lasting(self.LOST + asked("bob", 2.0, 2.1), stalls=((3.0, 1.0),)) == UNCLEAR

    def test_because_its_connection_broke(self) -> None:
        assert self.lasting(self.LOST.replace("no whole answer within 10 s", "no answer: disconnected")) == FAIL

    def test_and_what_it_caused_is_no_changed_broadcast_of_another_call(self) -> None:
        other = '@1.2 http add-note {"room": "r1"} {"text": "other"} => 201 {}\n'
        heard = MEMBERS + "LOST" + other + "@1.5 bob " + NOTED
        changed = outcomes("values-come-out-as-they-went-in", heard.replace("LOST", ""))
        assert changed == FAIL
        assert outcomes("values-come-out-as-they-went-in", heard.replace("LOST", self.LOST[len(MEMBERS) :])) == []


def test_a_call_that_was_not_answered_may_have_stored_what_it_carried() -> None:
    listed = 'http list-notes {"room": "r1"} => 200 {"notes": [{"id": "n1"}, {"id": "n2"}], "total": 2}\n'
    assert outcomes("pages-are-true", MEMBERS + POSTED + listed) == FAIL
    assert (
        outcomes("pages-are-true", MEMBERS + POSTED + POSTED.replace("201 {}", 'null "no whole answer"') + listed) == []
    )


def test_who_came_between_two_broadcasts_that_cannot_be_told_apart_is_owed_one_of_them() -> None:
    taken = '<- pen:taken {"room": "r1", "pen": "red"}\n'
    first, second = TAKEN, TAKEN.replace("@1.0", "@1.2")
    coming = MEMBERS.replace("bob in r1\n", "") + '@0.9 bob -> room:enter {"room": "r1"}\n'
    late = coming + first + "@1.1 bob in r1\n" + second
    heard = late + "@1.3 ann " + taken + "ann " + taken + "bob " + taken
    assert outcomes(EVERYONE, heard + fenced("bob", 4.0)) == []
    both = MEMBERS + first + second + "@1.3 ann " + taken + "ann " + taken + "bob " + taken
    assert outcomes(EVERYONE, both + fenced("bob", 4.0)) == FAIL


def test_broadcasts_that_cannot_be_told_apart_show_nothing_of_one_sender() -> None:
    """Whose `pen:taken` came first is not known, so that it does not show that `ann`'s own request was read."""
    taken = '<- pen:taken {"room": "r1", "pen": "red"}\n'
    same = (
        MEMBERS + TAKEN + TAKEN.replace("ann", "bob") + "@1.1 bob " + taken + fenced("bob", 3.1) + "@4.0 bob " + taken
    )
    assert outcomes("delivered-within-deadline", same) == UNCLEAR
    own = same + asked("ann", 3.0, 3.05, number=9)
    ordered = sorted(played(own).entries, key=lambda entry: entry.at_s)
    transcript = msgspec.structs.replace(played(own), entries=tuple(ordered))
    assert [one.outcome for one in found("delivered-within-deadline", transcript)] == FAIL


class TestADeliveryIsLate:
    RULE = "delivered-within-deadline"
    LATE = MEMBERS + POSTED

    def test_and_so_is_all_that_was_asked_for_later(self) -> None:
        question, answer = asked("bob", 3.1, 4.2).splitlines(keepends=True)
        assert outcomes(self.RULE, self.LATE + question + "@4.0 bob " + NOTED + answer) == UNCLEAR

    def test_and_what_was_asked_for_later_was_answered_sooner(self) -> None:
        assert outcomes(self.RULE, self.LATE + asked("bob", 1.2, 1.3) + "@4.0 bob " + NOTED) == FAIL

    def test_and_its_cause_was_read_late(self) -> None:
        """What is on its way to the service on one socket is not overtaken by what comes on another."""
        taken = '<- pen:taken {"room": "r1", "pen": "red"}\n'
        text = MEMBERS + TAKEN + fenced("bob", 3.1) + "@4.0 bob " + taken
        assert outcomes(self.RULE, text) == UNCLEAR
        text = MEMBERS + TAKEN + asked("ann", 3.1, 3.2) + asked("bob", 3.3, 3.4) + "@4.0 bob " + taken
        assert outcomes(self.RULE, text) == FAIL

    def test_and_our_own_side_was_held_up(self) -> None:
        text = self.LATE + asked("bob", 1.2, 1.3) + "@4.0 bob " + NOTED
        assert outcomes(self.RULE, text, stalls=((2.0, 1.5),)) == UNCLEAR

    def test_and_was_sent_after_a_question_of_after_the_deadline(self) -> None:
        text = self.LATE + asked("bob", 3.1, 3.2) + "@4.0 bob " + NOTED
        assert outcomes(self.RULE, text, stalls=((2.0, 1.5),)) == FAIL


class TestASocketThatIsGoneIsStillListed:
    RULE = "disconnected-socket-is-gone"
    GONE = MEMBERS + "@1.0 ann closed us\n"
    GHOST = '{"room": "r1", "sockets": [{"socket": "a1", "user": "ua"}, {"socket": "b1", "user": "ub"}], "count": 2}'

    def listed(self, at_s: float, answered_s: float) -> str:
        question = f'@{at_s} bob -> who {{"room": "r1"}} #3\n@{answered_s} bob <= who #3 {self.GHOST}\n'
        return self.GONE + question + f"@{answered_s + 0.1} ann out r1 assumed\n"

    def test_in_an_answer_to_a_question_of_before_the_deadline(self) -> None:
        assert outcomes(self.RULE, self.listed(2.9, 3.9)) == UNCLEAR

    def test_in_an_answer_to_a_question_of_after_the_deadline(self) -> None:
        assert outcomes(self.RULE, self.listed(3.1, 3.2)) == FAIL

    def test_by_a_service_that_is_slow_to_answer(self) -> None:
        assert outcomes(self.RULE, self.listed(3.1, 5.1)) == UNCLEAR

    def test_while_our_own_side_was_held_up(self) -> None:
        assert outcomes(self.RULE, self.listed(3.1, 3.2), stalls=((1.5, 1.0),)) == UNCLEAR


class AllLate(Law):
    late_s = 0.2


class ForgetsOneSocket(Law):
    """Every third connection gets no notes."""

    def from_service(self, connection: int, number: int, message: str) -> str | None:
        return None if connection % 3 == 0 and '"note:added"' in message else message


class DropsOneSocket(Law):
    """Every fourth connection gets nothing more after its first messages."""

    def from_service(self, connection: int, number: int, message: str) -> str | None:
        return None if connection % 4 == 0 and number > 5 else message


def test_a_service_that_is_late_with_everything_is_not_accused() -> None:
    result, transcripts = checked(AllLate(), timeout_s=0.15, only=ROOMS)
    assert accusing(result) == []
    late = [finding for one in transcripts for finding in found("delivered-within-deadline", one)]
    assert {finding.outcome for finding in late} == {Outcome.INCONCLUSIVE}


def test_a_service_that_forgets_a_socket_is_found_with_short_deadlines() -> None:
    result, _ = checked(ForgetsOneSocket(), timeout_s=0.5, only=ROOMS)
    assert (EVERYONE, "note:added") in accusing(result)


def test_a_service_that_sends_nothing_more_to_a_socket_is_found_with_short_deadlines() -> None:
    result, _ = checked(DropsOneSocket(), timeout_s=0.5, only=ROOMS)
    assert accusing(result)
