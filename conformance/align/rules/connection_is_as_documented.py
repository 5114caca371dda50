"""Clients connect to the path and the namespace that the contracts name, and are refused as they say.

At another path the handshake gets 404, and in another namespace a client is refused or hears nothing. A client
that waits for another message does not know that its token has expired.
"""

from collections.abc import Iterable, Iterator

from conformance.align import vocabulary
from conformance.align.model import Drift, Evidence

CLAUSE = "The service is at the path and in the namespaces of its contracts, and refuses connections as they say."
JUDGES = "connection"


def judge(evidence: Evidence) -> Iterator[Drift]:
    """Paths of Socket.IO, namespaces and messages of refusals that the contracts do not have."""
    words = vocabulary.of(evidence.bundle)
    expected = {
        "namespace": f"the namespace {_either(words.namespaces)}",
        "message": f"a message that begins with {_either(words.refused_with)}",
    }
    for claim in evidence.stated("connection"):
        yield Drift(
            subject=claim.subject, place=claim.place, got=f"`{claim.subject}`",
            expected=expected.get(claim.how, f"the path `{evidence.bundle.path}`"),
        )  # fmt: skip


def _either(names: Iterable[str]) -> str:
    return " or ".join(f"`{name}`" for name in sorted(names))


SILENT = {
    "guide.md": "The Socket.IO path is `/socket.io/`; a connect error begins with `NO_TOKEN`.\n\n"
    "```js\nconst socket = io(URL, { path: '/socket.io' });\n```\n",
    "source.ts": "const io = new Server(http, { path: '/socket.io/' });\nio.on('connection', () => {});\n",
}
SPEAKS = {"guide.md": "```js\nconst socket = io(URL, { path: '/ws/' });\nsocket.on('pen:taken', show);\n```\n"}
