"""Rules about memberships: what they accuse, and what keeps them silent."""

import pytest

from conformance.analysis.queries import LATER
from tests.unit.scripts import PAIR, messages, outcomes

KEEPS, AFTER_LEAVE, AFTER_CLOSE, AFTER_CALL = (
    "leaving-one-room-keeps-the-others",
    "nothing-after-leave",
    "nothing-after-close",
    "nothing-after-removal",
)
BEFORE, ISOLATED, BACK, TWICE = (
    "nothing-before-join",
    "rooms-are-isolated",
    "reconnected-socket-is-in-no-room",
    "joining-twice-delivers-once",
)
GONE, ROSTER, SEVERAL, SIMILAR = (
    "disconnected-socket-is-gone",
    "roster-is-true",
    "several-rooms-on-one-socket",
    "similar-ids-do-not-mix",
)


def added(text: str, room: str = "r1") -> str:
    return f'http add-note {{"room": "{room}"}} {{"text": "{text}"}} => 201 {{}}\n'


def heard(actor: str, text: str, room: str = "r1") -> str:
    return f'{actor} <- note:added {{"id": "n-{text}", "room": "{room}", "text": "{text}", "at": 1}}\n'


def roster(
    *sockets: str, count: object = None, by: str = "ann", number: int = 1, at: str = "", room: str = "r1"
) -> str:
    members = ", ".join(f'{{"socket": "{one}", "user": "u{one[0]}"}}' for one in sockets)
    asked = f'{at}{by} -> who {{"room": "{room}"}} #{number}\n'
    return (
        asked
        + f'{by} <= who #{number} {{"room": "{room}", "sockets": [{members}], "count": {len(sockets) if count is None else count}}}\n'
    )


IN_TWO = PAIR + "ann in r2\n"
LEFT = 'ann -> room:exit {"room": "r1"}\nann out r1\n'
PRESUMED = LEFT.replace("out r1", "out r1 assumed")
ENDED = 'ann -> room:end {"room": "r1"}\nann out r1\n'
REMOVED = 'http unseat {"room": "r1", "user": "ua"} => 204\nann out r1\n'
HELLO = added("hello") + heard("bob", "hello")
OTHER = added("other", "r2") + heard("ann", "other", "r2")
EVE = "eve opened e1 user=ue\n"
CLOSED = "ann closed us\nann out r1\n"
CAME_BACK = "back opened a2 user=ua\n"

JUDGED = {
    # leaving-one-room-keeps-the-others
    "out without having asked": (KEEPS, IN_TWO + "ann out r1\n" + OTHER, []),
    "it came back to the room that it left": (KEEPS, IN_TWO + LEFT + "ann in r1\n" + HELLO + heard("ann", "hello"), []),
    "the other is heard as it left": (KEEPS, IN_TWO + LEFT.replace("ann out", "@1 ann out") + "@1 " + OTHER, ["pass"]),
    "the other was heard as it asked to leave": (
        KEEPS, IN_TWO + "@1 " + OTHER + "@1 " + LEFT + added("more", "r2") + LATER, ["inconclusive"],
    ),
    "the other is heard": (KEEPS, IN_TWO + LEFT + OTHER, ["pass"]),
    "the other is heard after a close": (KEEPS, IN_TWO + ENDED + OTHER, ["pass"]),
    "the other is heard after a removal": (KEEPS, IN_TWO + REMOVED + OTHER, ["pass"]),
    "a disconnection": (KEEPS, IN_TWO + "ann closed us\nann out r1\n" + OTHER, []),
    "the other was not received before either": (KEEPS, IN_TWO + LEFT + added("other", "r2") + LATER, ["inconclusive"]),
    "the other is heard no more": (KEEPS, IN_TWO + OTHER + LEFT + added("more", "r2") + LATER, ["fail"]),
    "the other is heard no more, and nothing later": (KEEPS, IN_TWO + OTHER + LEFT + added("more", "r2"), ["inconclusive"]),
    "it heard the room that it left": (KEEPS, IN_TWO + heard("ann", "x") + OTHER + LEFT + HELLO, []),
    "before it left": (KEEPS, IN_TWO + OTHER + LEFT, []),
    "it had left the other, too": (
        KEEPS,
        IN_TWO + OTHER + LEFT + 'ann -> room:exit {"room": "r2"}\nann out r2\n' + added("more", "r2") + LATER,
        [],
    ),
    "another event was heard before": (
        KEEPS,
        IN_TWO + 'bob -> pen:take {"room": "r2", "pen": "red"}\nann <- pen:taken {"room": "r2", "pen": "red"}\n' + LEFT + added("more", "r2") + LATER,
        ["inconclusive"],
    ),
    "another room was heard before": (KEEPS, IN_TWO + added("x") + heard("ann", "x") + LEFT + added("more", "r2") + LATER, ["inconclusive"]),
    "another member heard it before": (KEEPS, IN_TWO + "bob in r2\n" + added("x", "r2") + heard("bob", "x", "r2") + LEFT + added("more", "r2") + LATER, ["inconclusive"]),
    "a first one was heard after it left": (KEEPS, IN_TWO + LEFT + OTHER + added("more", "r2") + LATER, ["pass", "inconclusive"]),
    # nothing-after-...
    "silent after it left": (AFTER_LEAVE, IN_TWO + LEFT + HELLO + OTHER, ["pass"]),
    "silent without a fence": (AFTER_LEAVE, IN_TWO + LEFT + HELLO, ["inconclusive"]),
    "silent without a control": (AFTER_LEAVE, IN_TWO + LEFT + added("hello") + OTHER, ["inconclusive"]),
    "heard after it left": (AFTER_LEAVE, IN_TWO + LEFT + HELLO + heard("ann", "hello"), ["fail"]),
    "heard, and nothing showed that it had left": (AFTER_LEAVE, IN_TWO + PRESUMED + HELLO + heard("ann", "hello"), []),
    "heard after its request was read": (AFTER_LEAVE, IN_TWO + PRESUMED.replace("ann out", roster("a1", "b1") + "ann out") + HELLO + heard("ann", "hello"), ["fail"]),
    "heard before its request was read": (AFTER_LEAVE, IN_TWO + PRESUMED + HELLO + heard("ann", "hello") + roster("b1"), []),
    "heard after its request was read late": (AFTER_LEAVE, IN_TWO + PRESUMED + roster("a1", "b1") + HELLO + heard("ann", "hello"), ["fail"]),
    "caused before it left": (AFTER_LEAVE, IN_TWO + HELLO + LEFT + heard("ann", "hello"), []),
    "of another room": (AFTER_LEAVE, IN_TWO + LEFT + OTHER, []),
    "closed and not left": (AFTER_LEAVE, IN_TWO + ENDED + HELLO + heard("ann", "hello"), []),
    "removed and not left": (AFTER_LEAVE, IN_TWO + REMOVED + HELLO + heard("ann", "hello"), []),
    "disconnected and not left": (AFTER_LEAVE, IN_TWO + CLOSED + HELLO + heard("ann", "hello"), []),
    "it came back": (AFTER_LEAVE, IN_TWO + LEFT + "ann in r1\n" + HELLO + heard("ann", "hello"), []),
    "heard after it closed": (AFTER_CLOSE, IN_TWO + ENDED + HELLO + heard("ann", "hello"), ["fail"]),
    "left and not closed": (AFTER_CLOSE, IN_TWO + LEFT + HELLO + heard("ann", "hello"), []),
    "another closed it": (AFTER_CLOSE, IN_TWO + ENDED.replace("ann ->", "bob ->") + HELLO + heard("ann", "hello"), []),
    "heard after it was removed": (AFTER_CALL, IN_TWO + REMOVED + HELLO + heard("ann", "hello"), ["fail"]),
    "left and not removed": (AFTER_CALL, IN_TWO + LEFT + HELLO + heard("ann", "hello"), []),
    # nothing-before-join
    "somebody left at that moment": (BEFORE, PAIR + EVE + "@1 " + LEFT.split("\n")[0] + "\n@1 " + HELLO + heard("eve", "hello") + "eve in r1\n", ["fail"]),
    "it joined at that moment": (BEFORE, PAIR + EVE + "@1 " + HELLO + "@1 eve in r1\n" + heard("eve", "hello"), []),
    "it never joins": (BEFORE, PAIR + EVE + HELLO + heard("eve", "hello"), []),
    "it joins another room later": (BEFORE, PAIR + EVE + HELLO + heard("eve", "hello") + "eve in r2\n", []),
    "it joins later": (BEFORE, PAIR + EVE + HELLO + heard("eve", "hello") + "eve in r1\n", ["fail"]),
    "it joined before": (BEFORE, PAIR + HELLO + heard("ann", "hello"), []),
    "it had asked": (BEFORE, PAIR + EVE + 'eve -> room:enter {"room": "r1"}\n' + HELLO + heard("eve", "hello") + "eve in r1\n", []),
    "it was in another room": (BEFORE, PAIR + EVE + "eve in r2\n" + HELLO + heard("eve", "hello") + "eve in r1\n", []),
    "somebody had left": (BEFORE, PAIR + EVE + LEFT + HELLO + heard("eve", "hello") + "eve in r1\n", []),
    "somebody had left another room": (BEFORE, PAIR + EVE + "oda opened o1\noda in r2\noda out r2\n" + HELLO + heard("eve", "hello") + "eve in r1\n", ["fail"]),
    "somebody leaves later": (BEFORE, PAIR + EVE + HELLO + heard("eve", "hello") + LEFT + "eve in r1\n", ["fail"]),
    # rooms-are-isolated
    "in no room, while another is elsewhere": (
        ISOLATED, PAIR + EVE + "oda opened o1\noda in r2\n" + HELLO + heard("eve", "hello"), ["inconclusive"],
    ),
    "in another room": (ISOLATED, PAIR + "oda opened o1\noda in r2\n" + HELLO + heard("oda", "hello"), ["fail"]),
    "in no room": (ISOLATED, PAIR + EVE + HELLO + heard("eve", "hello"), []),
    "in both": (ISOLATED, IN_TWO + HELLO + heard("ann", "hello"), []),
    "in another room, having left this one": (ISOLATED, IN_TWO + LEFT + HELLO + heard("ann", "hello"), []),
    "the sender, in another room": (
        ISOLATED,
        PAIR + 'oda opened o1\noda in r2\noda -> pen:take {"room": "r1", "pen": "red"}\noda <- pen:taken {"room": "r1", "pen": "red"}\n',
        [],
    ),
    "in another room that it had left": (ISOLATED, PAIR + "oda opened o1\noda in r2\noda out r2\n" + HELLO + heard("oda", "hello"), []),
    "in another room later": (ISOLATED, PAIR + "oda opened o1\n" + HELLO + heard("oda", "hello") + "oda in r2\n", []),
    # reconnected-socket-is-in-no-room
    "a new socket hears it": (BACK, PAIR + CLOSED + CAME_BACK + HELLO + heard("back", "hello"), ["fail"]),
    "it came before the other was closed": (BACK, PAIR + CAME_BACK + CLOSED + HELLO + heard("back", "hello"), []),
    "it joined again": (BACK, PAIR + CLOSED + CAME_BACK + "back in r1\n" + HELLO + heard("back", "hello"), []),
    "caused before it came": (BACK, PAIR + CLOSED + HELLO + CAME_BACK + heard("back", "hello"), []),
    "nobody was lost": (BACK, PAIR + CAME_BACK + HELLO + heard("back", "hello"), []),
    "another room was lost": (BACK, IN_TWO + "ann closed us\nann out r2\n" + CAME_BACK + HELLO + heard("back", "hello"), []),
    "the same actor": (BACK, PAIR + CLOSED + "ann opened a2\n" + HELLO + heard("ann", "hello"), []),
    "caused before the other was out": (BACK, PAIR + "ann closed us\n" + CAME_BACK + HELLO + "ann out r1\n" + heard("back", "hello"), []),
    # joining-twice-delivers-once
    "joined once": (TWICE, PAIR + 'ann -> room:enter {"room": "r1"}\n' + HELLO + heard("ann", "hello") * 2, []),
    "joined twice": (TWICE, PAIR + 'ann -> room:enter {"room": "r1"}\n' * 2 + HELLO + heard("ann", "hello") * 2, ["fail"]),
    "joined twice, heard once": (TWICE, PAIR + 'ann -> room:enter {"room": "r1"}\n' * 2 + HELLO + heard("ann", "hello"), ["pass"]),
    "joined twice, not heard": (TWICE, PAIR + 'ann -> room:enter {"room": "r1"}\n' * 2 + HELLO, []),
    "joined twice, the second time later": (
        TWICE,
        PAIR + 'ann -> room:enter {"room": "r1"}\n' + HELLO + heard("ann", "hello") * 2 + 'ann -> room:enter {"room": "r1"}\n',
        [],
    ),
    "joined two rooms": (TWICE, PAIR + 'ann -> room:enter {"room": "r1"}\nann -> room:enter {"room": "r2"}\n' + HELLO + heard("ann", "hello") * 2, []),
    "two who joined": (TWICE, PAIR + 'ann -> room:enter {"room": "r1"}\nbob -> room:enter {"room": "r1"}\n' + HELLO + heard("ann", "hello") * 2, []),
    "left twice": (TWICE, PAIR + 'ann -> room:exit {"room": "r1"}\n' * 2 + HELLO + heard("ann", "hello") * 2, []),
    "asked twice": (TWICE, PAIR + 'ann -> who {"room": "r1"}\n' * 2 + HELLO + heard("ann", "hello") * 2, []),
    "an unknown request twice": (TWICE, PAIR + 'ann -> enter {"room": "r1"}\n' * 2 + HELLO + heard("ann", "hello") * 2, []),
    "joined no room twice": (TWICE, PAIR + "ann -> room:enter {}\n" * 2 + HELLO + heard("ann", "hello") * 2, []),
    # disconnected-socket-is-gone
    "taken off the roster": (GONE, PAIR + "ann closed us\nann out r1 roster\n", ["pass"]),
    "taken off for leaving": (GONE, PAIR + "ann out r1 roster\n", []),
    "disconnected after it left": (GONE, PAIR + "ann out r1 roster\nann closed us\n", []),
    "ended by the service": (GONE, PAIR + "ann closed service\nann out r1 roster\n", []),
    "a mark of another": (GONE, PAIR + "ann closed us\nbob out r1 roster\n", []),
    "a mark of membership": (GONE, PAIR + "ann closed us\nann in r1 roster\n", []),
    "not seen": (GONE, PAIR + "ann closed us\nann out r1 assumed\n", ["inconclusive"]),
    "listed too soon": (GONE, PAIR + "@1.0 ann closed us\n" + roster("b1", "a1", by="bob", at="@2.9 ") + "ann out r1 assumed\n", ["inconclusive"]),
    "listed after the deadline": (GONE, PAIR + "@1.0 ann closed us\n" + roster("b1", "a1", by="bob", at="@3.0 ") + "ann out r1 assumed\n", ["fail"]),
    "listed after the deadline, the goodbye unanswered": (
        GONE,
        PAIR + "@1.0 ann closed us goodbye not answered\n" + roster("b1", "a1", by="bob", at="@3.0 ") + "ann out r1 assumed\n",
        ["inconclusive"],
    ),
    "listed after the deadline, the end not confirmed": (
        GONE,
        PAIR + "@1.0 ann closed us no goodbye\n" + roster("b1", "a1", by="bob", at="@3.0 ") + "ann out r1 assumed\n",
        ["fail"],
    ),
    "taken off, the goodbye unanswered": (GONE, PAIR + "ann closed us goodbye not answered\nann out r1 roster\n", ["pass"]),
    "another listed after the deadline": (GONE, PAIR + "@1.0 ann closed us\n" + roster("b1", by="bob", at="@3.5 ") + "ann out r1 assumed\n", ["inconclusive"]),
    "an old socket listed after the deadline": (
        GONE,
        PAIR.replace("ann in", "ann opened a0\nann in") + "@1.0 ann closed us\n" + roster("a0", by="bob", at="@3.5 ") + "ann out r1 assumed\n",
        ["fail"],
    ),
    # roster-is-true
    "true": (ROSTER, PAIR + roster("a1", "b1"), ["pass"]),
    "a member missing": (ROSTER, PAIR + roster("a1"), ["fail"]),
    "a member missing whose connection was over": (ROSTER, PAIR + roster("a1") + "bob closed service\n", ["inconclusive"]),
    "a member missing whose connection we ended": (ROSTER, PAIR + roster("a1") + "bob closed us\n", ["fail"]),
    "a member missing that heard something before it was over": (
        ROSTER,
        PAIR + roster("a1") + 'bob <- pen:taken {"room": "r1", "pen": "red"}\nbob closed service\n',
        ["fail"],
    ),
    "a member twice whose connection was over": (ROSTER, PAIR + roster("a1", "b1", "b1") + "bob closed service\n", ["fail"]),
    "a member twice": (ROSTER, PAIR + roster("a1", "b1", "b1"), ["fail"]),
    "a false count": (ROSTER, PAIR + roster("a1", "b1", count=3), ["fail"]),
    "one who is not in the room": (ROSTER, PAIR + EVE + roster("a1", "b1", "e1"), ["fail"]),
    "one who left while it was asked": (
        ROSTER,
        PAIR + roster("a1", "b1").replace("ann <=", 'bob -> room:exit {"room": "r1"}\nbob out r1\nann <='),
        ["pass"],
    ),
    "one who joined while it was asked": (ROSTER, PAIR + EVE + roster("a1", "b1", "e1").replace("ann <=", "eve in r1\nann <="), ["pass"]),
    "one who was assumed to be there": (ROSTER, PAIR + EVE + "eve in r1 assumed\n" + roster("a1", "b1"), ["pass"]),
    "another user": (ROSTER, PAIR + roster("a1", "b1").replace('"ub"', '"ux"'), ["fail"]),
    "a user that was not minted": (ROSTER, PAIR.replace(" user=ub", "") + roster("a1", "b1").replace('"ub"', '"ux"'), ["pass"]),
    "users that are not told": (ROSTER, PAIR + roster("a1", "b1").replace(', "user": "ub"', ""), ["pass"]),
    "one that is gone by now": (ROSTER, PAIR + "ann closed us\nann out r1 assumed\n" + roster("a1", "b1", by="bob"), ["fail"]),
    "one whose goodbye may not have been read": (
        ROSTER,
        PAIR + "ann closed us goodbye not answered\nann out r1 assumed\n" + roster("a1", "b1", by="bob"),
        ["pass"],
    ),
    "one whose goodbye was read after all": (
        ROSTER,
        PAIR + "ann closed us goodbye not answered\nann out r1 roster\n" + roster("a1", "b1", by="bob"),
        ["fail"],
    ),
    "another room's": (ROSTER, PAIR + roster(room="r2"), ["pass"]),
    "another room's with a member of this": (ROSTER, PAIR + roster("b1", room="r2"), ["fail"]),
}  # fmt: skip


@pytest.mark.parametrize("what", JUDGED)
def test_a_membership_is_judged_as_documented(what: str) -> None:
    rule, text, expected = JUDGED[what]
    assert outcomes(rule, text) == expected


SHOWN_BY_A_BROADCAST = (
    PAIR
    + EVE
    + 'eve -> room:enter {"room": "r1"}\neve in r1 assumed\n@2.0 '
    + added("hello")
    + heard("bob", "hello")
    + heard("eve", "hello")
)


def test_a_member_that_was_not_yet_shown_to_be_one_may_be_missing() -> None:
    """The roster was asked for before the first broadcast at eve: the join may have been taken after it."""
    early = SHOWN_BY_A_BROADCAST.replace("@2.0", roster("a1", "b1", at="@1.0 ") + "@2.0")
    assert outcomes(ROSTER, early) == ["pass"]
    assert outcomes(ROSTER, SHOWN_BY_A_BROADCAST + roster("a1", "b1", at="@3.0 ")) == ["fail"]


def test_a_roster_that_still_lists_a_socket_after_a_stall_proves_nothing() -> None:
    text = PAIR + "@1.0 ann closed us\n" + roster("b1", "a1", by="bob", at="@3.5 ") + "ann out r1 assumed\n"
    assert outcomes(GONE, text) == ["fail"]
    assert outcomes(GONE, text, stalls=((2.0, 0.6),)) == ["inconclusive"]


def test_a_roster_of_a_service_that_answers_slowly_proves_nothing() -> None:
    text = PAIR + "@1.0 ann closed us\n" + roster("b1", "a1", by="bob", at="@4.0 ").replace("bob <=", "@5.01 bob <=")
    assert outcomes(GONE, text + "ann out r1 assumed\n") == ["inconclusive"]
    assert outcomes(GONE, text.replace("@5.01", "@4.99") + "ann out r1 assumed\n") == ["fail"]


def test_what_nobody_hears_under_its_name_is_not_said_to_be_lost_by_leaving() -> None:
    renamed = added("other", "r2") + heard("ann", "other", "r2").replace("note:added", "note-added")
    assert messages(KEEPS, IN_TWO + LEFT + renamed) == [
        "note:added is sent as 'note-added': see broadcast-keeps-its-name"
    ]
    assert messages(KEEPS, IN_TWO + LEFT + added("other", "r2")) == ["note:added was not received before either"]
