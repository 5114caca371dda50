"""An HTTP call has the method and the path of its contract.

A path with a slip answers 404, which a client shows to its user as if the service were down.
"""

import difflib
from collections.abc import Iterator

from conformance.align.model import Drift, Evidence
from conformance.align.vocabulary import Vocabulary, pattern

CLAUSE = "Calls are made as documented."
JUDGES = "call"

CLOSE = 0.8
"""From how alike on a path is a slip of another; what is less alike may be of another service."""


def judge(evidence: Evidence) -> Iterator[Drift]:
    """Calls by another method, and paths that are nearly documented ones."""
    known = Vocabulary(evidence.bundle).calls
    paths = {path for _, path in known}
    for claim in evidence.stated("call"):
        method, _, path = claim.subject.partition(" ")
        asked = pattern(path)
        if (method, asked) in known or (
            claim.how == "route" and any(_ends(asked, path) for m, path in known if m == method)
        ):
            continue
        methods = sorted(m for m, path in known if path == asked)
        near = difflib.get_close_matches(asked, sorted(paths), 1, CLOSE)
        if methods:
            yield Drift(
                subject=claim.subject,
                place=claim.place,
                expected=f"the method {' or '.join(methods)}",
                got=method,
            )
        elif near and claim.how != "route":
            titles = (call.title for call in evidence.bundle.calls.values() if pattern(call.path) == near[0])
            yield Drift(
                subject=claim.subject, place=claim.place, expected=f"`{next(titles)}`", got=f"`{claim.subject}`"
            )


def _ends(asked: str, path: str) -> bool:
    """Whether a route may be that path below what a router is mounted on."""
    return path.endswith(asked) and asked.strip("/") != ""


SILENT = {
    "guide.md": "`POST /notes/:room` adds, `GET /notes/{room}?skip=3` lists, `GET /other` is another service's.\n",
    "source.ts": "router.post('/:room', add);\napp.get('/notes/note/:id', read);\n",
}
SPEAKS = {"guide.md": "```http\nPUT /notes/:room\n```\n"}
