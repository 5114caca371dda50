"""Limits, namespaces, tokens and sessions of a service that is made of contracts."""

import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest

from conformance.server import limiter, recovery
from conformance.server.gate import Gate, Refused, Shown
from conformance.server.limiter import Limiter
from conformance.server.naming import Namespaces
from conformance.server.recovery import Session, Sessions
from conformance.server.rooms import Member
from conformance.target.target import Auth
from contracts.limits import Limit
from contracts.load import load
from contracts.recovery import Recovery
from tests.running import KEY, ROOT


@pytest.fixture
def at_s(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the clock."""
    clock = [100.0]
    for module in (limiter, recovery):
        monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])
    return lambda seconds: clock.__setitem__(0, 100.0 + seconds)


def test_what_is_above_a_limit_is_not_counted(at_s: Callable[[float], None]) -> None:
    limits = Limiter([Limit(per_s=2, then="dropped", source="", events=("move",))])
    assert [limits.excess("s1", "move", named=True) for _ in range(4)] == [None, None, "dropped", "dropped"]
    assert limits.excess("s2", "move", named=True) is None
    assert limits.excess("s1", "other", named=True) is None
    assert limits.excess("s1", "move", named=False) is None
    at_s(1.1)
    assert limits.excess("s1", "move", named=True) is None


def test_a_socket_that_has_gone_is_forgotten() -> None:
    limits = Limiter([Limit(per_s=1, then="hang-up", source="")])
    assert [limits.excess("s1", "a", named=False) for _ in range(2)] == [None, "hang-up"]
    limits.forget("s1")
    assert limits.excess("s1", "a", named=False) is None


@pytest.mark.parametrize(
    ("name", "is_taken"),
    [("/tenant-1", True), ("/tenant-77", True), ("/tenant-0", False), ("/tenant-x", False), ("/", False)],
)
def test_a_namespace_has_an_id_that_keeps_its_schema(name: str, *, is_taken: bool) -> None:
    bundle = load(str(ROOT / "tests" / "cases" / "tenants_dynamic" / "contracts"))
    names = Namespaces(bundle)
    assert names.takes(name) is is_taken
    assert names.has(bundle.events["notice"], name) is is_taken
    assert names.concrete(bundle.events["notice"], ["/tenant-1", "/other"]) == ("/tenant-1",)


def shown(auth: Any) -> Shown:
    return Shown(auth=auth, query={}, headers={})


def token(claims: dict[str, Any], key: str = KEY) -> str:
    return jwt.encode({"exp": time.time() + 60, **claims}, key, algorithm="HS256")


@pytest.mark.parametrize(
    ("auth", "fault"),
    [
        (None, "none"),
        ({"token": ""}, "none"),
        ({"token": 7}, "none"),
        ({"token": "x"}, "garbage"),
        ({"token": token({"sub": "ann"}, KEY + KEY)}, "forged"),
        ({"token": token({"sub": "ann", "exp": 1})}, "expired"),
    ],
)
def test_what_is_wrong_with_a_token_is_known(auth: Any, fault: str) -> None:
    with pytest.raises(Refused) as refused:
        Gate(Auth(key=KEY)).user(shown(auth))
    assert refused.value.fault == fault


@pytest.mark.parametrize(
    ("template", "claims", "user"),
    [
        ({"sub": "{user_id}"}, {"sub": "ann"}, "ann"),
        ({"who": {"account": "{user_id}"}}, {"who": {"account": 7}}, "7"),
        ({"sub": "{user_id}"}, {}, None),
    ],
)
def test_a_user_is_named_where_the_claims_have_it(template: Any, claims: Any, user: str | None) -> None:
    assert Gate(Auth(key=KEY, claims=template)).user(shown({"token": token(claims)})) == user


def test_without_a_key_a_token_names_its_user_and_may_be_left_away() -> None:
    gate = Gate(Auth(claims={"sub": "{user_id}"}))
    assert gate.user(shown({"token": token({"sub": "ann"})})) == "ann"
    assert gate.user(shown(None)) is None


def session(*, lost_s: float | None) -> tuple[Sessions, Session, str]:
    """A client that was sent two events, and the offset of the first."""
    sessions = Sessions(Recovery(within_s=10, source=""))
    member = Member(sid="s1", namespace="/", user="ann")
    sessions.begin(member)
    offset = sessions.kept("told", (1,), lambda one: one.sid == "s1")[-1]
    sessions.kept("told", (2,), lambda one: one.sid == "s1")
    sessions.kept("told", (3,), lambda one: one.sid == "s2")
    own = sessions.of(member)
    assert own is not None
    own.lost_s = lost_s
    return sessions, own, offset


def test_a_client_comes_back_to_what_it_missed(at_s: Callable[[float], None]) -> None:
    sessions, own, offset = session(lost_s=100.0)
    assert sessions.resumed("/", {"pid": own.pid, "offset": offset}) is own
    assert [wire[0] for _, _, wire in own.after(offset) or ()] == [2]


@pytest.mark.parametrize(
    ("lost_s", "shown_by", "after_s"),
    [
        (None, {}, 1.0),
        (100.0, {}, 11.0),
        (100.0, {"offset": "another"}, 1.0),
        (100.0, {"offset": 7}, 1.0),
        (100.0, {"pid": "another"}, 1.0),
    ],
)
def test_what_cannot_be_taken_up_again_begins_anew(
    at_s: Callable[[float], None], lost_s: float | None, shown_by: dict[str, Any], after_s: float
) -> None:
    sessions, own, offset = session(lost_s=lost_s)
    at_s(after_s)
    assert sessions.resumed("/", {"pid": own.pid, "offset": offset, **shown_by}) is None
    assert sessions.resumed("/other", {"pid": own.pid, "offset": offset}) is None


@pytest.mark.parametrize(("reason", "is_kept"), [("transport close", True), ("client disconnect", False)])
def test_a_farewell_cannot_be_taken_up_again(reason: str, *, is_kept: bool) -> None:
    sessions, own, _ = session(lost_s=None)
    sessions.end(own.member, reason)
    assert (sessions.of(own.member) is not None) is is_kept
    assert list(sessions.lost()) == ([own.member] if is_kept else [])
