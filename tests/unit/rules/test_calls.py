"""Rules about HTTP calls: what they accuse, and what keeps them silent."""

import dataclasses

import msgspec
import pytest

from contracts.model import Bundle
from contracts.schema import Schema
from contracts.trigger import Trigger
from tests.unit.scripts import EXAMPLE, PAIR, findings, messages, outcomes, transcript_of

NOTE = '{"id": "n1", "room": "r1", "text": "hello", "at": 1}'
SEEN = NOTE.replace("hello", 'hello", "seen": "yes')
BAD, ANSWERS, READ_BACK = "bad-calls-are-refused", "calls-answer-as-documented", "created-is-stored-and-read-back"
STORED, EQUALS, PAGES, UNKNOWN = (
    "stored-before-broadcast",
    "broadcast-equals-what-is-stored",
    "pages-are-true",
    "unknown-id-is-not-found",
)
TOO_LONG = '{"text": "' + "m" * 101 + '"}'
ERROR = '{"error": "bad"}'
EMPTY = f'http add-note {{"room": "r1"}} {{}} => 400 {ERROR}\n'
HEARD_EMPTY = 'bob <- note:added {"id": "n1", "room": "r1", "text": "", "at": 1}\n'

JUDGED = {
    "a bad query without an answer": (ANSWERS, 'http list-notes {"room": "r1"} ?{"skip": "x"} => null "connection reset"', ["fail"]),
    "created in two rooms, of which one was listed": (
        READ_BACK,
        f'http add-note {{"room": "r1"}} {{}} => 201 {NOTE}\nhttp add-note {{"room": "r2"}} {{}} => 201 {NOTE.replace("n1", "n2")}\n'
        f'http list-notes {{"room": "r1"}} => 200 {{"notes": [{NOTE}], "total": 1}}',
        ["pass"],
    ),
    "items with ids of other types": (
        READ_BACK,
        f'http add-note {{"room": "r1"}} {{}} => 201 {NOTE}\nhttp list-notes {{"room": "r1"}} => 200 {{"notes": [{{"id": []}}, {NOTE}], "total": 2}}',
        ["pass"],
    ),
    # bad-calls-are-refused
    "a refusal": (BAD, EMPTY, ["pass"]),
    "an error without its text": (BAD, 'http add-note {"room": "r1"} {} => 400 {"message": "bad"}', ["fail"]),
    "taken": (BAD, 'http add-note {"room": "r1"} {} => 201 {}', ["fail"]),
    "refused with another status": (BAD, f'http add-note {{"room": "r1"}} {{}} => 422 {ERROR}', ["fail"]),
    "too many": (BAD, 'http add-note {"room": "r1"} {} => 429 {}', ["inconclusive"]),
    "the token": (BAD, 'http add-note {"room": "r1"} {} => 401 {}', ["inconclusive"]),
    "too long a text": (BAD, f'http add-note {{"room": "r1"}} {TOO_LONG} => 400 {ERROR}', ["pass"]),
    "too long a text taken": (BAD, f'http add-note {{"room": "r1"}} {TOO_LONG} => 201 {{}}', ["fail"]),
    "no JSON": (BAD, f'http add-note {{"room": "r1"}} "{{" => 400 {ERROR}', ["pass"]),
    "no body": (BAD, 'http add-note {"room": "r1"} => 201 {}', []),
    "a body that no example has": (BAD, 'http add-note {"room": "r1"} {"text": ["x"]} => 201 {}', []),
    "a good body": (BAD, 'http add-note {"room": "r1"} {"text": "hello"} => 201 {}', []),
    "a call without a body": (BAD, 'http list-notes {"room": "r1"} {} => 200 {}', []),
    "refused and broadcast": (BAD, EMPTY + HEARD_EMPTY, ["fail"]),
    "heard before it": (BAD, HEARD_EMPTY + EMPTY, ["pass"]),
    "heard in another room": (BAD, "oda opened o1\noda in r2\n" + EMPTY + HEARD_EMPTY.replace("bob", "oda"), ["pass"]),
    "another event": (BAD, EMPTY + 'bob <- pen:taken {"room": "r1", "pen": "red"}', ["pass"]),
    "a broadcast that a good call explains": (
        BAD,
        EMPTY + f'http add-note {{"room": "r1"}} {{"text": "hello"}} => 201 {{}}\nbob <- note:added {NOTE}',
        ["pass"],
    ),
    # calls-answer-as-documented
    "answered": (ANSWERS, f'http add-note {{"room": "r1"}} {{"text": "hello"}} => 201 {NOTE}', ["pass"]),
    "a bad body": (ANSWERS, 'http add-note {"room": "r1"} {} => 400 {}', []),
    "a body that is no object": (ANSWERS, 'http add-note {"room": "r1"} "x" => 400 {}', []),
    "a bad token": (ANSWERS, 'http list-notes {"room": "r1"} token=garbage => 401 {}', []),
    "no token": (ANSWERS, 'http list-notes {"room": "r1"} token=none => 200 {"notes": [], "total": 0}', ["pass"]),
    "a bad query refused": (ANSWERS, 'http list-notes {"room": "r1"} ?{"skip": "x"} => 400 {}', []),
    "a bad query that breaks the service": (ANSWERS, 'http list-notes {"room": "r1"} ?{"skip": "x"} => 500 {}', ["fail"]),
    "a bad query answered": (
        ANSWERS,
        'http list-notes {"room": "r1"} ?{"skip": "x"} => 200 {"notes": [], "total": 0}',
        ["pass"],
    ),
    "a good query refused": (ANSWERS, 'http list-notes {"room": "r1"} ?{"skip": 1} => 400 {}', ["fail"]),
    "not found": (ANSWERS, 'http read-note {"id": "n1"} => 404 {}', []),
    "not found where that is not documented": (ANSWERS, 'http list-notes {"room": "r1"} => 404 {}', ["fail"]),
    "a closed subject": (
        ANSWERS,
        'ann -> room:end {"room": "r1"}\nhttp add-note {"room": "r1"} {"text": "x"} => 409 {}',
        ["inconclusive"],
    ),
    "a subject that is closed later": (
        ANSWERS,
        'http add-note {"room": "r1"} {"text": "x"} => 409 {}\nann -> room:end {"room": "r1"}',
        ["fail"],
    ),
    "a closed subject that takes it": (
        ANSWERS,
        f'ann -> room:end {{"room": "r1"}}\nhttp add-note {{"room": "r1"}} {{"text": "x"}} => 201 {NOTE}',
        ["pass"],
    ),
    "an id with a space": (ANSWERS, 'http list-notes {"room": "r 1"} => 400 {}', ["inconclusive"]),
    "an id with a slash": (ANSWERS, 'http list-notes {"room": "r/1"} => 404 {}', ["inconclusive"]),
    "an id with a colon": (ANSWERS, 'http list-notes {"room": "r:1"} => 404 {}', ["inconclusive"]),
    "an id in another script": (ANSWERS, 'http list-notes {"room": "मदद"} => 499 {}', ["inconclusive"]),
    "an id that breaks the service": (ANSWERS, 'http list-notes {"room": "r 1"} => 500 {}', ["fail"]),
    "an id that is redirected": (ANSWERS, 'http list-notes {"room": "r 1"} => 301 {}', ["fail"]),
    "no JSON in the answer": (ANSWERS, 'http list-notes {"room": "r1"} => 200 {"notes": [], "total": NaN}', ["fail"]),
    "a field missing": (ANSWERS, 'http list-notes {"room": "r1"} => 200 {"notes": []}', ["fail"]),
    "its rate": (ANSWERS, 'http list-notes {"room": "r1"} => 429 {}', ["inconclusive"]),
    "a broken connection": (ANSWERS, 'http list-notes {"room": "r1"} => null "connection reset"', ["fail"]),
    "a timeout of which nothing shows that it is lost": (
        ANSWERS,
        'http list-notes {"room": "r1"} => null "no whole answer within 10 s"',
        ["inconclusive"],
    ),
    # created-is-stored-and-read-back
    "listed": (
        READ_BACK,
        f'http add-note {{"room": "r1"}} {{}} => 201 {NOTE}\nhttp list-notes {{"room": "r1"}} => 200 {{"notes": [{NOTE}], "total": 1}}',
        ["pass"],
    ),
    "listed otherwise": (
        READ_BACK,
        f'http add-note {{"room": "r1"}} {{}} => 201 {NOTE}\nhttp list-notes {{"room": "r1"}} => 200 {{"notes": [{NOTE.replace("hello", "bye")}], "total": 1}}',
        ["fail"],
    ),
    "listed in short": (
        READ_BACK,
        f'http add-note {{"room": "r1"}} {{}} => 201 {NOTE}\nhttp list-notes {{"room": "r1"}} => 200 {{"notes": [{{"id": "n1"}}], "total": 1}}',
        ["pass"],
    ),
    "not on the page that was seen": (
        READ_BACK,
        f'http add-note {{"room": "r1"}} {{}} => 201 {NOTE}\nhttp list-notes {{"room": "r1"}} => 200 {{"notes": [{{"id": "n0"}}], "total": 2}}',
        ["inconclusive"],
    ),
    "not on the whole list": (
        READ_BACK,
        f'http add-note {{"room": "r1"}} {{}} => 201 {NOTE}\nhttp list-notes {{"room": "r1"}} => 200 {{"notes": [{{"id": "n0"}}], "total": 1}}',
        ["fail"],
    ),
    "the list of another room": (
        READ_BACK,
        f'http add-note {{"room": "r1"}} {{}} => 201 {NOTE}\nhttp list-notes {{"room": "r2"}} => 200 {{"notes": [], "total": 0}}',
        [],
    ),
    "listed before": (
        READ_BACK,
        f'http list-notes {{"room": "r1"}} => 200 {{"notes": [], "total": 0}}\nhttp add-note {{"room": "r1"}} {{}} => 201 {NOTE}',
        [],
    ),
    "never created": (
        READ_BACK,
        'http add-note {"room": "r1"} {} => 400 {}\nhttp list-notes {"room": "r1"} => 200 {"notes": [], "total": 0}',
        [],
    ),
    "a list that failed": (
        READ_BACK,
        f'http add-note {{"room": "r1"}} {{}} => 201 {NOTE}\nhttp list-notes {{"room": "r1"}} => 500 {{"notes": [], "total": 0}}',
        [],
    ),
    "items that are no objects": (
        READ_BACK,
        f'http add-note {{"room": "r1"}} {{}} => 201 {NOTE}\nhttp list-notes {{"room": "r1"}} => 200 {{"notes": [7, {{"id": 7}}, {NOTE}], "total": 9}}',
        ["pass"],
    ),
    "no list in the answer": (
        READ_BACK,
        f'http add-note {{"room": "r1"}} {{}} => 201 {NOTE}\nhttp list-notes {{"room": "r1"}} => 200 {{"total": 0}}',
        ["fail"],
    ),
    "no total": (
        READ_BACK,
        f'http add-note {{"room": "r1"}} {{}} => 201 {NOTE}\nhttp list-notes {{"room": "r1"}} => 200 {{"notes": [{{"id": "n0"}}], "total": "1"}}',
        ["inconclusive"],
    ),
    "a confirmation that is no object": (
        READ_BACK,
        'http add-note {"room": "r1"} {} => 201 "n1"\nhttp list-notes {"room": "r1"} => 200 {"notes": [], "total": 0}',
        ["fail"],
    ),
    # stored-before-broadcast
    "another was read before": (
        STORED, f'bob <- note:added {NOTE}\nhttp read-note {{"id": "n2"}} => 404 {{}}\nhttp read-note {{"id": "n1"}} => 200 {NOTE}', ["pass"],
    ),
    "a bad query refused, and a good one": (
        ANSWERS, 'http list-notes {"room": "r1"} ?{"skip": "x"} => 400 {}\nhttp list-notes {"room": "r1"} => 200 {"notes": [], "total": 0}', ["pass"],
    ),
    "read when its broadcast arrived": (STORED, f'bob <- note:added {NOTE}\nhttp read-note {{"id": "n1"}} => 200 {NOTE}', ["pass"]),
    "not there when it was heard of": (STORED, f'bob <- note:added {NOTE}\nhttp read-note {{"id": "n1"}} => 404 {{}}', ["fail"]),
    "the read failed": (STORED, f'bob <- note:added {NOTE}\nhttp read-note {{"id": "n1"}} => 500 {{}}', []),
    "read before it was heard of": (STORED, f'http read-note {{"id": "n1"}} => 404 {{}}\nbob <- note:added {NOTE}', []),
    "another was heard of": (STORED, f'bob <- note:added {NOTE}\nhttp read-note {{"id": "n2"}} => 404 {{}}', []),
    "another event has its id": (STORED, f'bob <- pen:taken {NOTE}\nhttp read-note {{"id": "n1"}} => 404 {{}}', []),
    "no object": (STORED, 'bob <- note:added "n1"\nhttp read-note {"id": "n1"} => 404 {}', []),
    "the call that lists": (STORED, f'bob <- note:added {NOTE}\nhttp list-notes {{"room": "n1"}} => 404 {{}}', []),
    # broadcast-equals-what-is-stored
    "read as it was told": (EQUALS, f'bob <- note:added {NOTE}\nhttp read-note {{"id": "n1"}} => 200 {NOTE}', ["pass"]),
    "read otherwise": (
        EQUALS,
        f'bob <- note:added {NOTE}\nhttp read-note {{"id": "n1"}} => 200 {NOTE.replace("hello", "bye")}',
        ["fail"],
    ),
    "more in the store": (
        EQUALS,
        f'bob <- note:added {NOTE}\nhttp read-note {{"id": "n1"}} => 200 {SEEN}',
        ["pass"],
    ),
    "another is read": (EQUALS, f'bob <- note:added {NOTE}\nhttp read-note {{"id": "n2"}} => 200 {NOTE.replace("n1", "n2")}', []),
    "it is listed": (
        EQUALS,
        f'bob <- note:added {NOTE}\nhttp list-notes {{"room": "r1"}} => 200 {{"notes": [7, {NOTE}], "total": 1}}',
        ["pass"],
    ),
    "it was created": (EQUALS, f'bob <- note:added {NOTE}\nhttp add-note {{"room": "r1"}} {{}} => 201 {NOTE}', ["pass"]),
    "an answer that is none": (EQUALS, f'bob <- note:added {NOTE}\nhttp read-note {{"id": "n1"}} => 404 {NOTE.replace("hello", "bye")}', []),
    "another event with its id": (EQUALS, f'bob <- pen:taken {NOTE}\nhttp read-note {{"id": "n1"}} => 200 {NOTE.replace("hello", "bye")}', []),
    "a payload that is no object": (EQUALS, f'bob <- note:added 7\nhttp read-note {{"id": "n1"}} => 200 {NOTE}', []),
    "a call of another role": (
        EQUALS,
        f'bob <- note:added {NOTE}\nhttp unseat {{"room": "r1", "user": "ua"}} => 200 {NOTE.replace("hello", "bye")}',
        [],
    ),
    # unknown-id-is-not-found
    "an id that was told, and one that was not": (
        UNKNOWN, f'bob <- note:added {NOTE}\nhttp read-note {{"id": "n1"}} => 200 {{}}\nhttp read-note {{"id": "x"}} => 404 {{}}', ["pass"],
    ),
    "an id that nobody told": (UNKNOWN, 'http read-note {"id": "x"} => 404 {}', ["pass"]),
    "an id that nobody told, found": (UNKNOWN, 'http read-note {"id": "x"} => 200 {}', ["fail"]),
    "an id that was told": (UNKNOWN, f'bob <- note:added {NOTE}\nhttp read-note {{"id": "n1"}} => 200 {{}}', []),
    "told in what is no object": (UNKNOWN, 'bob <- note:added "n1"\nhttp read-note {"id": "n1"} => 200 {}', ["fail"]),
    "told as a list": (UNKNOWN, 'bob <- note:added {"id": ["x"]}\nhttp read-note {"id": "x"} => 404 {}', ["pass"]),
    "with a bad token": (UNKNOWN, 'http read-note {"id": "x"} token=garbage => 401 {}', []),
    "without a token": (UNKNOWN, 'http read-note {"id": "x"} token=none => 404 {}', ["pass"]),
    "its token is refused": (UNKNOWN, 'http read-note {"id": "x"} => 401 {}', ["inconclusive"]),
    "a call that knows no missing": (UNKNOWN, 'http list-notes {"room": "x"} => 200 {}', []),
}  # fmt: skip


@pytest.mark.parametrize("what", JUDGED)
def test_a_call_is_judged_as_documented(what: str) -> None:
    rule, text, expected = JUDGED[what]
    assert outcomes(rule, PAIR + text) == expected


def test_a_failure_names_what_was_expected() -> None:
    assert messages(BAD, 'http add-note {"room": "r1"} {} => 201 {}') == [
        "expected 400 for a body that breaks `required`, got 201 {}"
    ]
    assert messages(BAD, f'http add-note {{"room": "r1"}} {TOO_LONG} => 201 {{}}') == [
        "expected 400 for a text that is too long, got 201 {}"
    ]
    assert messages(BAD, 'http add-note {"room": "r1"} {} => 400 {}') == [
        "expected an error body: the field `error`, got {}"
    ]
    assert messages(ANSWERS, 'http list-notes {"room": "r1"} => 200 {"notes": [], "total": NaN}') == [
        "expected a body that JSON.parse reads, got NaN is no JSON"
    ]
    assert messages(ANSWERS, 'http list-notes {"room": "r1"} => 200 {"notes": []}')[0].startswith(
        "expected the field `total` at ``"
    )
    assert messages(ANSWERS, 'http list-notes {"room": "r 1"} => 400 {"error": "no"}') == [
        'the service may refuse the id \'r 1\': it answered 400 {"error": "no"}'
    ]
    assert messages(ANSWERS, 'http unseat {"room": "r1", "user": "u"} => 500 {}') == [
        "expected status 200 or 204, got 500 {}"
    ]


def test_an_error_body_is_checked_where_the_contract_documents_one() -> None:
    bundle = dataclasses.replace(EXAMPLE, http_error=None)
    assert [one.outcome for one in findings(BAD, 'http add-note {"room": "r1"} {} => 400 {}', bundle)] == ["pass"]


PAGED = """
http add-note {"room": "r1"} {"text": "a"} => 201 {}
http add-note {"room": "r1"} {"text": "b"} => 201 {}
"""
A, B = '{"id": "n1", "at": 1}', '{"id": "n2", "at": 2}'


def page(query: str, *items: str, total: object = 2, room: str = "r1", status: int = 200) -> str:
    answer = f'{{"notes": [{", ".join(items)}], "total": {total}}}'
    return f'http list-notes {{"room": "{room}"}} {f"?{query} " if query else ""}=> {status} {answer}\n'


PAGED_JUDGED = {
    "one that was refused does not count": (
        PAGED + 'http add-note {"room": "r1"} {"text": "c"} => 400 {}\n' + page("", A, B),
        ["pass"],
    ),
    "the whole list": (PAGED + page("", A, B), ["pass"]),
    "more than was asked for": (PAGED + page('{"limit": 1}', A, B), ["fail"]),
    "more than a page holds": (page('{"limit": 9}', A, A, A, A, total=4), ["fail"]),
    "as much as a page holds": (page('{"limit": 9}', A, A, A, total=9), ["pass"]),
    "the other way round": (PAGED + page("", B, A), ["fail"]),
    "two of one time": (PAGED + page("", A, A), ["pass"]),
    "times that cannot be compared": (PAGED + page("", '{"at": "2"}', A), ["pass"]),
    "items without a time": (PAGED + page("", B, "{}"), ["pass"]),
    "items that are no objects": (PAGED + page("", "7", "1"), ["pass"]),
    "a wrong total": (PAGED + page("", A, B, total=3), ["fail"]),
    "one missing": (PAGED + page("", A), ["fail"]),
    "a page beyond the end": (PAGED + page('{"skip": 5}'), ["pass"]),
    "the second page": (PAGED + page('{"skip": 1, "limit": 1}', B), ["pass"]),
    "pages that overlap": (PAGED + page('{"limit": 1}', A) + page('{"skip": 1}', A), ["pass", "pass"]),
    "pages that disagree": (PAGED + page("", A, B) + page('{"skip": 1}', A), ["fail", "fail"]),
    "pages of two rooms": (PAGED + page("", A, B) + page('{"skip": 1}', A, room="r2"), ["pass", "pass"]),
    "a page that was refused": (PAGED + page("", A, B) + page('{"skip": 1}', A, status=400), ["pass"]),
    "no list": (PAGED + 'http list-notes {"room": "r1"} => 200 {"notes": {}, "total": 2}', ["fail"]),
    "one that is created later": (page("", total=0) + PAGED, ["pass"]),
    "one that may have been stored": (
        PAGED + 'http add-note {"room": "r1"} {"text": "c"} => null "connection reset"\n' + page("", A, total=7),
        ["pass"],
    ),
    "one that was refused": (
        PAGED + 'http add-note {"room": "r1"} {"text": "c"} => 400 {}\n' + page("", A, total=7),
        ["fail"],
    ),
    "created in another room": (
        PAGED + 'http add-note {"room": "r2"} {"text": "c"} => 201 {}\n' + page("", A, B),
        ["pass"],
    ),
}


@pytest.mark.parametrize("what", PAGED_JUDGED)
def test_pages_are_held_against_what_was_created(what: str) -> None:
    text, expected = PAGED_JUDGED[what]
    assert outcomes(PAGES, text) == expected


def changed(name: str, **fields: object) -> Bundle:
    """The example contract with another call of that name."""
    call = dataclasses.replace(EXAMPLE.calls[name], **fields)  # type: ignore[arg-type]
    return dataclasses.replace(EXAMPLE, calls={**EXAMPLE.calls, name: call})


def test_a_body_whose_refusal_is_documented_with_another_status_is_not_judged() -> None:
    examples = EXAMPLE.calls["add-note"].examples
    others = tuple(dataclasses.replace(one, answer=422) for one in examples.invalid)
    bundle = changed("add-note", examples=dataclasses.replace(examples, invalid=others[:1] + examples.invalid[1:]))
    assert outcomes(BAD, 'http add-note {"room": "r1"} {} => 201 {}', bundle) == []
    assert outcomes(BAD, 'http add-note {"room": "r1"} {"text": ""} => 201 {}', bundle) == ["fail"]


def test_a_resource_is_known_by_the_field_that_the_contract_names() -> None:
    told = f"bob <- note:added {NOTE}\n"
    read = f'http read-note {{"id": "hello"}} => 200 {NOTE.replace("n1", "n2")}'
    listed = (
        f'http add-note {{"room": "r1"}} {{}} => 201 {NOTE}\n'
        f'http list-notes {{"room": "r1"}} => 200 {{"notes": [{NOTE.replace("n1", "n2")}], "total": 1}}'
    )
    for bundle, expected in (
        (changed("add-note", id="/text"), (["fail"], ["pass"], ["fail"])),
        (changed("add-note", id=None), ([], [], ["fail"])),
    ):
        found = (
            outcomes(EQUALS, told + read, bundle),
            outcomes(STORED, told + read, bundle),
            outcomes(READ_BACK, listed, bundle),
        )
        assert found == expected
    unlike = messages(READ_BACK, listed, changed("add-note", id="/text"))
    assert unlike == ['expected `id` "n1", got "n2" in the list']
    assert messages(READ_BACK, listed, changed("add-note", id=None)) == [
        'expected "n1" in the list, got a list without it'
    ]


def test_a_trigger_that_is_refused_breaks_no_contract() -> None:
    trigger = Trigger(event="note:added", method="POST", url="/say", status=(202,))
    bundle = changed("add-note", trigger=trigger, status=(202,), answer=Schema({}))
    call = 'http add-note {"room": "r1"} {"text": "x"} => '
    assert outcomes(ANSWERS, call + "500 {}", bundle) == ["inconclusive"]
    assert outcomes(ANSWERS, call + "202 {}", bundle) == ["pass"]
    assert messages(ANSWERS, call + "500 {}", bundle)[0].startswith("the trigger of note:added was refused: ")


def test_a_call_that_was_sent_twice_may_have_been_stored_twice() -> None:
    transcript = transcript_of(PAGED + page("", A, B, total=3))
    again = tuple(
        msgspec.structs.replace(one, tries=2) if place == 0 else one for place, one in enumerate(transcript.entries)
    )
    assert outcomes(PAGES, "", entries=transcript.entries) == ["fail"]
    assert outcomes(PAGES, "", entries=again) == ["pass"]


def test_a_list_has_to_be_one() -> None:
    text = PAGED + 'http list-notes {"room": "r1"} => 200 {"notes": {}, "total": 2}'
    assert messages(PAGES, text) == ["expected a list at `/notes`, got none"]


def test_pages_without_a_total_or_an_order_are_held_against_what_was_created() -> None:
    page_of = EXAMPLE.calls["list-notes"].page
    assert page_of is not None
    bundle = changed("list-notes", page=dataclasses.replace(page_of, total=None, order_by=None))
    assert outcomes(PAGES, PAGED + page("", B, A, total=9), bundle) == ["pass"]
    assert outcomes(PAGES, PAGED + page("", A, total=1), bundle) == ["fail"]
    without = dataclasses.replace(
        EXAMPLE, calls={name: call for name, call in EXAMPLE.calls.items() if name != "add-note"}
    )
    text = page("", A, total=7)
    assert outcomes(PAGES, text, without) == ["pass"]
