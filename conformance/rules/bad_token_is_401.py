"""An HTTP call with a missing or bad token is answered with 401.

A call that is served without a valid token is open to everybody. Judged where the target demands a token: that is
known once a check was given a valid one.
"""

from collections.abc import Iterator

from conformance.analysis.queries import calls, not_handled
from conformance.analysis.reading import Reading
from conformance.model.verdict import Finding, failed, passed, skipped, unclear
from conformance.plan.delivery import handshake
from conformance.rules.bad_token_is_refused import KINDS
from contracts.model import Bundle
from contracts.schema import shown

CLAUSE = "A call with a missing or bad token is answered with 401."
ACTS = (handshake,)


def subjects(bundle: Bundle) -> list[str]:
    """The kinds of bad tokens, where the service has a call that can be made with each."""
    return list(KINDS.values()) if bundle.refusal and (bundle.by_role("list") or bundle.by_role("read")) else []


def judge(reading: Reading) -> Iterator[Finding]:
    """Each call with a bad token, in an act in which the same call with a good one succeeded."""
    refusal = reading.bundle.refusal
    made = [(index, called) for index, called, _ in calls(reading, lambda one: True)]
    bad = [(index, called) for index, called in made if called.token in KINDS]
    if refusal is None or not {called.token for _, called in bad} - {"none"}:
        return
    good = any(called.token == "own" and called.status and called.status < 400 for _, called in made)
    for index, called in bad:
        what = KINDS[called.token]
        ignored = not_handled(reading, index, called, what)
        if ignored:
            yield ignored
        elif not good and any(called.token == "own" for _, called in made):
            yield unclear(
                what, "no call with the valid token succeeded, so it is unknown whether the target requires one"
            )
        elif not good:
            yield skipped(what, "no valid token was given, so it is unknown whether the target requires one")
        elif called.status == refusal.http_status:
            yield passed(what, "refused as documented", index)
        else:
            yield failed(what, f"{refusal.http_status}", f"{called.status} {shown(called.answer)}", index)


SILENT = """
http list-notes {"room": "r1"} token=own => 200 {"notes": [], "total": 0}
http list-notes {"room": "r1"} token=garbage => 401 {"error": "NO_TOKEN"}
"""
SPEAKS = """
http list-notes {"room": "r1"} token=own => 200 {"notes": [], "total": 0}
http list-notes {"room": "r1"} token=garbage => 200 {"notes": [], "total": 0}
"""
