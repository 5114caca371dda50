"""Clients connect to the path and the namespace that the contracts name.

At another path the handshake gets 404, and in another namespace a client is refused or hears nothing.
"""

from collections.abc import Iterator

from conformance.align import vocabulary
from conformance.align.model import Drift, Evidence

CLAUSE = "The service is at the path and in the namespaces of its contracts."
JUDGES = "connection"


def judge(evidence: Evidence) -> Iterator[Drift]:
    """Paths of Socket.IO and namespaces that the contracts do not have."""
    words = vocabulary.of(evidence.bundle)
    for claim in evidence.stated("connection"):
        spaces = " or ".join(f"`{name}`" for name in sorted(words.namespaces))
        yield Drift(
            subject=claim.subject,
            place=claim.place,
            expected=f"the namespace {spaces}" if claim.how == "namespace" else f"the path `{evidence.bundle.path}`",
            got=f"`{claim.subject}`",
        )


SILENT = {
    "guide.md": "The Socket.IO path is `/socket.io/`.\n\n```js\nconst socket = io(URL, { path: '/socket.io' });\n```\n",
    "source.ts": "const io = new Server(http, { path: '/socket.io/' });\nio.on('connection', () => {});\n",
}
SPEAKS = {"guide.md": "```js\nconst socket = io(URL, { path: '/ws/' });\nsocket.on('pen:taken', show);\n```\n"}
