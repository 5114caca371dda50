"""An HTTP call has the method and the path of its contract.

A path with a slip answers 404, which a client shows to its user as if the service were down.
"""

import difflib
import re
from collections.abc import Iterator, Sequence

from conformance.align.model import Claim, Drift, Evidence
from conformance.align.vocabulary import pattern
from contracts.model import Bundle

CLAUSE = "Calls are made as documented."
JUDGES = "call"

CLOSE = 0.8
"""From how alike on a path is a slip of another; what is less alike may be of another service."""


def judge(evidence: Evidence) -> Iterator[Drift]:
    """Calls by another method, and paths that are nearly documented ones."""
    for claim in evidence.stated("call"):
        expected = _expected(evidence.bundle, claim)
        if expected:
            yield Drift(subject=claim.subject, place=claim.place, expected=expected, got=f"`{claim.subject}`")


def _expected(bundle: Bundle, claim: Claim) -> str | None:
    """What should stand there; None where it is right, or of another service."""
    method, _, path = claim.subject.partition(" ")
    asked, calls = pattern(path), list(bundle.calls.values())
    same = [call for call in calls if pattern(call.path) == asked]
    exact = next((call for call in same if call.method == method), None)
    if exact:
        return f"`{exact.title}`" if _slips(path, exact.params()) else None
    if claim.how == "route":
        below = [call for call in calls if asked.strip("/") and pattern(call.path).endswith(asked)]
        if not below or any(call.method == method for call in below):
            return None
        same = same or below
    if same:
        return f"the method {' or '.join(sorted({call.method for call in same}))}"
    near = [call for call in calls if _near(asked, pattern(call.path))]
    near.sort(key=lambda call: call.method != method)
    return f"`{near[0].title}`" if near else None


def _near(asked: str, path: str) -> bool:
    """Whether a path is another with a slip in it, or the same but for one word and with two others in common."""
    if difflib.SequenceMatcher(None, asked, path).ratio() >= CLOSE:
        return True
    pairs = list(zip(asked.split("/")[1:], path.split("/")[1:], strict=False))
    same = sum(a == b != "*" for a, b in pairs)
    return asked.count("/") == path.count("/") and same > 1 and sum(a != b for a, b in pairs) == 1


def _slips(path: str, params: Sequence[str]) -> bool:
    """Whether the name of a parameter has a slip in it; what is called quite otherwise is called so on purpose."""
    names = re.findall(r"[:{](\w+)", path.split("?")[0])
    return any(name not in params and difflib.get_close_matches(name, params, 1, CLOSE) for name in names)


SILENT = {
    "guide.md": "`POST /notes/:room` adds, `GET /notes/{room}?skip=3` lists, `GET /other` is another service's.\n",
    "source.ts": "router.post('/:room', add);\napp.get('/notes/note/:id', read);\n",
}
SPEAKS = {"guide.md": "```http\nPUT /notes/:room\n```\n"}
