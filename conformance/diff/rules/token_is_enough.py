"""The tokens that clients have are enough, and refusals say what they said.

A service that demands a token for the first time refuses clients that have none; another role refuses those whose
tokens claim the old one. What a refusal says is read by clients, which renew a token or ask the user by it.
"""

from collections.abc import Iterator

from conformance.diff.model import Change
from conformance.diff.pairing import Both, Pair
from conformance.diff.told import BREAKING, RISKY, SAFE, change, promise

CLAUSE = "Clients get in as before."
KEYS = {"bundle": "roles refusal", "bundle.roles": "socket caller",
        "bundle.refusal": "message_prefix message by_token http_status",
        "bundle.refusal.by_token": "missing malformed forged expired",
        "refusalForm": "message_prefix message"}  # fmt: skip
DEFAULTS = {"socket": "USER", "caller": "ADMIN"}


def judge(pair: Pair) -> Iterator[Change]:
    """Roles that are demanded, and refusals."""
    head = pair.head
    for key, usual in DEFAULTS.items():
        was, now = head.inner("roles").values(key, usual)
        if was != now:
            why = "tokens of clients claim the old role"
            yield change(head, BREAKING, f"role of the {key}", was, now, why, "roles", key)
    was, now = head.values("refusal")
    if was is None and now is not None:
        why = "clients without a token are refused"
        yield change(head, BREAKING, "tokens", "not demanded", "demanded", why, "refusal")
    elif was is not None and now is None:
        yield change(head, SAFE, "tokens", "demanded", "not demanded", "nobody is refused for its token", "refusal")
    elif was is not None:
        yield from _refusal(head.inner("refusal"))


def _refusal(both: Both) -> Iterator[Change]:
    was, now = both.values("http_status")
    if was != now:
        why = "clients that look for the old status do not find it"
        yield change(both, BREAKING, "status without a good token", was, now, why, "http_status")
    yield from _messages(both, "")
    was, now = both.values("by_token", {})
    for reason in [*was, *(name for name in now if name not in was)]:
        if reason in was and reason in now:
            yield from _messages(both.inner("by_token", reason), f" ({reason})")
        else:
            why = "clients read another refusal of such a token"
            words = ("of its own", "as in general") if reason in was else ("as in general", "of its own")
            yield change(both, RISKY, f"refusal of a token that is {reason}", *words, why, "by_token", reason)


def _messages(both: Both, label: str) -> Iterator[Change]:
    was, now = both.values("message")
    prefix, its = both.values("message_prefix")
    if now is not None and was is None and prefix is not None and its is None and now.startswith(prefix):
        why = "it begins as it did"
        yield change(both, SAFE, f"message of refused connections{label}", f"{prefix}...", now, why, "message")
        return
    for key, what in (("message", "message"), ("message_prefix", "beginning of the message")):
        reads = "clients that compare the message do not find it"
        yield from promise(
            both, key, f"{what} of refused connections{label}", lost=(RISKY, reads), other=(BREAKING, reads),
            gained="clients learn why they were refused",
        )  # fmt: skip


SILENT = """
bundle.json /roles = {"socket": "USER"}
"""
SPEAKS = """
bundle.json /roles = {"socket": "MEMBER"}
"""
