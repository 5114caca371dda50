"""A socket with a missing or bad token is refused.

The connect error has the message and the data that the contract gives for this kind of bad token: clients renew a
token that has expired, and give up on one that is forged. Judged where the target demands a token: that is known
once a check was given a valid one.
"""

from collections.abc import Iterator

from conformance.analysis.queries import token_hint
from conformance.analysis.reading import Reading
from conformance.model.transcript import UNSHOWN, Missed, Opened, Refused
from conformance.model.verdict import Finding, failed, passed, skipped, unclear
from conformance.plan.delivery import handshake
from contracts.model import Bundle

CLAUSE = "A missing or bad token is a connect error with the documented message and data."
ACTS = (handshake,)
KINDS = {
    "none": "token: missing",
    "garbage": "token: not a token",
    "forged": "token: signed with another key",
    "expired": "token: expired",
}

ALL_REFUSED = "the service refuses every token, the valid one too, so it is unknown whether it tells bad ones apart"


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
            yield skipped(what, "no valid token was given, so it is unknown whether the target requires one")
        return
    for _, missed in reading.each(Missed):
        if missed.what.startswith(UNSHOWN):
            yield skipped(KINDS["none"], missed.what)
    for index, entry in enumerate(reading.entries):
        if isinstance(entry, Opened) and entry.token in KINDS:
            yield failed(KINDS[entry.token], "a refused connection", "an open one", index)
        elif isinstance(entry, Refused) and entry.token in KINDS:
            wrong = refusal.of(entry.token).fault(entry.message, entry.data)
            if wrong is None:
                yield passed(KINDS[entry.token], "refused as documented", index)
            else:
                yield failed(KINDS[entry.token], *wrong, index)


SILENT = """
ann opened a1 token=own
gil refused garbage NO_TOKEN: that is none
non refused none NO_TOKEN: there is none
exp refused expired TOKEN_EXPIRED data={"code": "EXPIRED", "renew": true}
"""
SPEAKS = """
ann opened a1 token=own
gil opened g1 token=garbage
non refused none NO_TOKEN: there is none
"""
