"""An HTTP call has the method, the path and the status of its contract.

A path with a slip answers 404, which a client shows to its user as if the service were down.
"""

from collections import defaultdict
from collections.abc import Iterator

from conformance.align import paths, refusals
from conformance.align.model import Claim, Drift, Evidence
from contracts.model import Bundle, Call

CLAUSE = "Calls are made, and answered, as documented."
JUDGES = "call"

OWN = ("heading", "cell", "table")
"""Forms in which a document describes an endpoint, rather than mentions it."""


def judge(evidence: Evidence) -> Iterator[Drift]:
    """Calls by another method, and paths that are documented ones with a slip; what is defined elsewhere is real."""
    claims = list(evidence.stated("call"))
    routes = {_key(claim) for claim in claims if claim.how == "route"}
    written = {claim.subject for claim in claims if claim.how == "route"}
    spoken = {(claim.place.file, claim.subject) for claim in claims if claim.how != "payload"}
    named = {
        call.title
        for claim in claims
        if (call := paths.call_of(evidence.bundle, claim.subject)) and claim.how != "payload"
    }
    described: dict[tuple[str, str], list[str]] = defaultdict(list)
    for claim in claims:
        if claim.how in OWN:
            described[_key(claim)].append(claim.place.file)
    for claim in claims:
        if claim.status is not None:
            told = _refused if claim.reason is not None else _answered
            yield from told(evidence.bundle, claim, claim.status)
        if claim.how == "payload" and (claim.place.file, claim.subject) in spoken:
            continue  # What shows a body of it stands below the path itself.
        expected = _by_its_parameter(evidence.bundle, claim) if claim.subject not in written else None
        if expected:
            yield Drift(subject=claim.subject, place=claim.place, expected=expected, got=f"`{claim.subject}`")
            continue
        own = _key(claim)
        files = described.get(own, [])
        elsewhere = len(files) > 1 or any(file != claim.place.file for file in files)
        real = own in routes and claim.how != "route"
        expected = None if real or elsewhere else _expected(evidence.bundle, claim, routes)
        if not expected and not real and not elsewhere:
            expected = _by_other_words(evidence.bundle, claim, named)
        if expected:
            yield Drift(subject=claim.subject, place=claim.place, expected=expected, got=f"`{claim.subject}`")


def _by_its_parameter(bundle: Bundle, claim: Claim) -> str | None:
    """The call that is meant by a path with a parameter of another name; a route answers whatever the name is."""
    call = paths.call_of(bundle, claim.subject) if claim.how != "payload" else None
    meant = paths.anothers_parameter(bundle, claim.subject.partition(" ")[2], call) if call is not None else None
    return f"`{meant.title}`" if meant is not None else None


def _answered(bundle: Bundle, claim: Claim, status: int) -> Iterator[Drift]:
    """A status with which no good call is answered."""
    call = paths.call_of(bundle, claim.subject)
    if call is not None and call.status and status not in call.status:
        yield Drift(
            subject=call.title, place=claim.place, got=f"{status}",
            expected=f"the status {' or '.join(map(str, call.status))}",
        )  # fmt: skip


def _refused(bundle: Bundle, claim: Claim, status: int) -> Iterator[Drift]:
    """A status with which no call is refused for the reason that is given."""
    call = paths.call_of(bundle, claim.subject)
    meant = refusals.of_call(bundle, call, claim.reason) if call is not None and claim.reason is not None else None
    if call is not None and claim.reason is not None and meant is not None and status != meant:
        yield Drift(
            subject=call.title, place=claim.place, got=f"{status}",
            expected=f"the status {meant} {refusals.REASONS[claim.reason]}",
        )  # fmt: skip


def _key(claim: Claim) -> tuple[str, str]:
    method, _, path = claim.subject.rpartition(" ")
    return method, paths.pattern(path)


def _expected(bundle: Bundle, claim: Claim, routes: set[tuple[str, str]]) -> str | None:
    """What should stand there; None where it is right, or of another service."""
    method, _, path = claim.subject.rpartition(" ")
    same = paths.fitting(bundle, path)
    exact = next((call for call in same if not method or call.method == method), None)
    if exact:
        return f"`{exact.title}`" if claim.how != "route" and paths.wrong_parameter(path, exact) else None
    if claim.how == "route":
        below = [call for call in bundle.calls.values() if paths.ends(path, call.path)]
        if any(call.method == method for call in below):
            return None
        same = [call for call in same or below if not _served(call, routes)]
    if claim.how != "route":
        same = [
            call for call in same
            if paths.plainly(path, call.path) and not paths.anothers_parameter(bundle, path, call)
        ]  # fmt: skip
    if same:
        return f"the method {' or '.join(sorted({call.method for call in same}))}"
    near = [call for call in bundle.calls.values() if paths.is_slip(path, call.path)]
    if claim.how == "route":
        near = near or [call for call in bundle.calls.values() if paths.reads_by_a_word(path, call)]
        near = [call for call in near if not _served(call, routes)]
    near.sort(key=lambda call: call.method != method)
    near = near or [call for call in _swapped(bundle, path) if method in ("", call.method)]
    return f"`{near[0].title}`" if near else None


def _by_other_words(bundle: Bundle, claim: Claim, named: set[str]) -> str | None:
    """The call that is meant by a path in other words, where no text names the call itself."""
    method, _, path = claim.subject.rpartition(" ")
    if claim.how == "route" or any(paths.is_behind(path, call.path) for call in bundle.calls.values()):
        return None
    open_ones = [call for call in bundle.calls.values() if call.method == method and call.title not in named]
    found = [
        call for call in open_ones
        if paths.is_other_word(path, call.path)
        or paths.more_than(path, call)
        or paths.reads_one(path, call)
        or paths.less_than(path, call)
        or paths.is_below(path, call.path, bundle.room.template.split("{")[0].strip(":_-/. ").lower())
        or _has_its_body(claim, call)
    ]  # fmt: skip
    return f"`{found[0].title}`" if len(found) == 1 else None


def _has_its_body(claim: Claim, call: Call) -> bool:
    """Whether a call to another path sends just the body of a documented one, which has fields of its own."""
    document = call.body.document if call.body else {}
    required, known = set(document.get("required", ())), set(document.get("properties", ()))
    sent = {field.name for field in claim.payload.fields} if claim.payload is not None else set[str]()
    return len(required) > 1 and required <= sent <= known


def _swapped(bundle: Bundle, path: str) -> list[Call]:
    """The calls of which a path has the words in another order."""
    return [call for call in bundle.calls.values() if paths.is_swapped(path, call.path)]


def _served(call: Call, routes: set[tuple[str, str]]) -> bool:
    """Whether the source has a route for a call: another method or path beside it is another endpoint."""
    return any(
        method == call.method and (paths.fits(path, call.path) or paths.ends(path, call.path))
        for method, path in routes
    )


SILENT = {
    "guide.md": "`POST /notes/:room` adds, `GET /notes/{room}?skip=3` lists, `GET /other` is another service's.\n",
    "source.ts": "router.post('/:room', add);\napp.get('/notes/note/:id', read);\n",
}
SPEAKS = {"guide.md": "```http\nPUT /notes/:room\n```\n"}
