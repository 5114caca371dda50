"""A call is made, answered and read as before.

Clients call the old path by the old method, wait for the old statuses, and read the resource where it was. The names
of path parameters and of calls themselves are no matter of clients.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.diff.model import Change
from conformance.diff.pairing import Both, Pair, route
from conformance.diff.told import BREAKING, RISKY, SAFE, amount, change, promise

CLAUSE = "Calls keep their method, path, statuses and pages."
KEYS = {"http": "call method path after invalid_answer answer examples", "http.answer": "status item id missing page",
        "http.answer.page": "total skip limit most order_by"}  # fmt: skip
ELSEWHERE = (BREAKING, "clients read the old place")


def judge(pair: Pair) -> Iterator[Change]:
    """Calls that have moved, or are answered otherwise."""
    for both in pair.calls:
        old, new = both.old, both.new
        if old is None or new is None:
            continue
        if route(old) != route(new):
            why = "clients that make the old call get no answer"
            yield change(both, BREAKING, "call", _told(old), _told(new), why, "path")
        elif _told(old) != _told(new):
            yield change(both, SAFE, "call", _told(old), _told(new), "the parameter stands where it stood", "path")
        if old["call"] != new["call"]:
            why = "the name is one of the contracts, and not of HTTP"
            yield change(both, SAFE, "name of the call", old["call"], new["call"], why, "call")
        for key in ("body", "query"):
            if key in old and key not in new:
                why = "what clients send has no meaning any more"
                yield change(both, RISKY, key, "documented", None, why)
        yield from _status(both)
        yield from _after(pair, both)
        yield from promise(
            both, "invalid_answer", "status of bad calls", lost=(RISKY, "clients may be answered otherwise"),
            other=(BREAKING, "clients that look for the old status do not find it"), gained="the status is documented",
        )  # fmt: skip
        yield from _examples(both)
        yield from _answer(both.inner("answer"))


def _told(call: Mapping[str, Any]) -> str:
    return f"{call['method']} {call['path']}"


def _status(both: Both) -> Iterator[Change]:
    was, now = both.inner("answer").values("status")
    if set(was) == set(now):
        return
    new = set(now) - set(was)
    severity = BREAKING if new else SAFE
    why = (
        "clients that look for the old status do not find it" if new else "clients get no status that they did not know"
    )
    yield change(both, severity, "status", was, now, why, "answer", "status")


def _after(pair: Pair, both: Both) -> Iterator[Change]:
    was, now = both.values("after")
    was = pair.renamed_calls.get(was, was)
    if was != now:
        severity, why = (
            (SAFE, "it may come first") if now is None else (BREAKING, "clients do not make that call before")
        )
        yield change(both, severity, "call before it", was, now, why, "after")


def _examples(both: Both) -> Iterator[Change]:
    was, now = both.inner("examples").values("invalid", ())
    for one in was:
        for its in now:
            if one["payload"] == its["payload"] and one.get("answer") != its.get("answer") and "answer" in one:
                what, why = "status of an invalid example", "clients may look for the old status"
                yield change(both, RISKY, what, one["answer"], its.get("answer"), why, "examples", "invalid")


def _answer(answer: Both) -> Iterator[Change]:
    for key, what in (("item", "place of the resource"), ("id", "place of its id")):
        yield from promise(
            answer, key, what, lost=(RISKY, "where it is, is not documented any more"), other=ELSEWHERE,
            gained="the place is documented",
        )  # fmt: skip
    yield from promise(
        answer, "missing", "status of what is not there", lost=(RISKY, "it may be another status"),
        other=(BREAKING, "clients that look for the old status do not find it"), gained="the status is documented",
    )  # fmt: skip
    page = answer.inner("page")
    if page.old is None or page.new is None:
        if page.old is not page.new:
            severity, why = (RISKY, "clients that read the list at once get a part") if page.old is None else (
                BREAKING, "clients that read it page by page do not find pages")  # fmt: skip
            yield change(answer, severity, "pages", page.old and "documented", page.new and "documented", why, "page")
        return
    for key in ("total", "skip", "limit", "order_by"):
        lost = other = (BREAKING, "clients that read the list page by page rely on it")
        yield from promise(page, key, f"pages: {key}", lost=lost, other=other, gained="it is documented")
    yield from amount(
        page, "most", "pages: most items", none=0, less=(RISKY, "clients that ask for more get fewer"),
        more=(SAFE, "clients get what they ask for"),
    )  # fmt: skip


SILENT = """
http/read-note.json /path = "/notes/note/:note"
"""
SPEAKS = """
http/read-note.json /path = "/notes/one/:id"
"""
