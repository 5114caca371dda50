"""A socket with a missing or bad token is refused.

Judged where the target demands a token, which it does if the check was given a good one.
"""

from collections.abc import Iterator

from conformance.analysis.queries import token_hint
from conformance.analysis.reading import Reading
from conformance.model.transcript import UNSHOWN, Missed, Opened, Refused
from conformance.model.verdict import Finding, failed, passed, skipped, unclear
from conformance.plan.delivery import handshake
from contracts.model import Bundle

CLAUSE = "A missing or bad token is a connect error with the documented beginning of its message."
ACTS = (handshake,)
KINDS = {
    "none": "token: missing",
    "garbage": "token: not a token",
    "forged": "token: signed with another key",
    "expired": "token: expired",
}

ALL_REFUSED = "the service refuses every token, the good one too: whether it tells bad ones from it cannot be seen"


def subjects(bundle: Bundle) -> list[str]:
    """The kinds of bad tokens."""
    return list(KINDS.values()) if bundle.refusal else []


def judge(reading: Reading) -> Iterator[Finding]:
    """Each connection with a bad token, in an act in which a good one was let in."""
    refusal = reading.bundle.refusal
    tried = [entry for entry in reading.entries if isinstance(entry, Opened | Refused)]
    # A socket without a token is what every act has where none is given; a bad one is shown on purpose.
    if refusal is None or not any(entry.token in ("garbage", "forged", "expired") for entry in tried):
        return
    good = any(isinstance(entry, Opened) and entry.token == "own" for entry in tried)
    own = next((entry for entry in tried if isinstance(entry, Refused) and entry.token == "own"), None)
    if own is not None and not good:
        for what in KINDS.values():
            yield unclear(what, ALL_REFUSED, hint=token_hint(own.place))
        return
    if not good:
        for what in KINDS.values():
            yield skipped(what, "no good token was given, so whether the target demands one is not known")
        return
    for _, missed in reading.each(Missed):
        if missed.what.startswith(UNSHOWN):
            yield skipped(KINDS["none"], missed.what)
    for index, entry in enumerate(reading.entries):
        if isinstance(entry, Opened) and entry.token in KINDS:
            yield failed(KINDS[entry.token], "a refused connection", "an open one", index)
        elif isinstance(entry, Refused) and entry.token in KINDS:
            if entry.message.startswith(refusal.message_prefix):
                yield passed(KINDS[entry.token], "refused as documented", index)
            else:
                expected = f"a message that begins with {refusal.message_prefix!r}"
                yield failed(KINDS[entry.token], expected, repr(entry.message), index)


SILENT = """
ann opened a1 token=own
gil refused garbage NO_TOKEN: that is none
non refused none NO_TOKEN: there is none
"""
SPEAKS = """
ann opened a1 token=own
gil opened g1 token=garbage
non refused none NO_TOKEN: there is none
"""
