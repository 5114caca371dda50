"""Tokens of a load's virtual clients: minted, fixed or printed, and in no output."""

from collections.abc import Sequence
from subprocess import TimeoutExpired
from types import SimpleNamespace
from typing import Any

import jwt
import pytest

from conformance.support.errors import UsageError
from conformance.target.secrets import COVER, Secrets
from conformance.target.target import Auth
from conformance.target.token_place import TokenPlace
from loadtests.worker.tokens import Tokens, covered

KEY = "a key for the tests alone, of ample length"


def test_a_minted_token_names_its_user_and_its_room() -> None:
    secrets = Secrets()
    claims = {"sub": "{user_id}", "role": "{role}", "room": "{sos_id}"}
    token = Tokens(Auth(key=KEY, claims=claims), "USER", secrets).of("ann", "r1")
    assert token is not None
    read = jwt.decode(token, KEY, algorithms=["HS256"])
    assert (read["sub"], read["role"], read["room"]) == ("ann", "USER", "r1")
    # A load mints too many to remember: they are known by their form, and the key by its value.
    assert covered(secrets, f"{token} {KEY}") == f"{COVER} {COVER}"


def test_fixed_tokens_go_by_the_role_of_sockets() -> None:
    fixed = Auth(token="other", tokens={"admin": "of admins"})
    assert Tokens(fixed, "USER", Secrets()).of("ann", "r") == "other"
    assert Tokens(fixed, "ADMIN", Secrets()).of("ann", "r") == "of admins"
    by_settings = Auth(token="other", tokens={"admin": "of admins"}, socket_role="ADMIN")
    assert Tokens(by_settings, "USER", Secrets()).of("ann", "r") == "of admins"
    assert Tokens(Auth(), "USER", Secrets()).of("ann", "r") is None


def printing(monkeypatch: pytest.MonkeyPatch, answer: Any) -> list[Sequence[str]]:
    """Have commands answer so, or raise; the list of commands that are run."""
    ran: list[Sequence[str]] = []

    def run(words: Sequence[str], **how: Any) -> Any:
        ran.append(words)
        if isinstance(answer, Exception):
            raise answer
        return SimpleNamespace(returncode=answer[0], stdout=answer[1], stderr=b"")

    monkeypatch.setattr("loadtests.worker.tokens.subprocess.run", run)
    return ran


def test_a_command_prints_the_token_of_each_user_beforehand(monkeypatch: pytest.MonkeyPatch) -> None:
    ran, secrets = printing(monkeypatch, (0, b"printed\n")), Secrets()
    tokens = Tokens(Auth(command=("mint", "{user_id}", "{role}")), "USER", secrets)
    tokens.prepare("ann")
    assert ran == [["mint", "ann", "USER"]]
    assert tokens.of("ann", "r") == "printed"
    assert covered(secrets, "it is printed") == f"it is {COVER}"
    Tokens(Auth(token="x"), "USER", Secrets()).prepare("ann")
    assert len(ran) == 1


@pytest.mark.parametrize("answer", [(3, b""), (0, b""), (0, b"two words"), OSError("no such"), TimeoutExpired("m", 9)])
def test_a_command_that_prints_no_token_is_named(answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    printing(monkeypatch, answer)
    with pytest.raises(UsageError, match=r"auth\.command.*'mint'"):
        Tokens(Auth(command=("mint",)), "USER", Secrets()).prepare("ann")


@pytest.mark.parametrize(
    ("auth", "message"),
    [
        (Auth(token="t", socket_place=TokenPlace(at="event", name="authenticate")), "auth.token_event: load cannot"),
        (Auth(token="t", caller_place=TokenPlace(at="query", name="t")), "auth.caller_token_in: load cannot"),
        (Auth(command=("mint", "{sos_id}")), "auth.command: it asks for {sos_id}"),
    ],
)
def test_what_a_load_cannot_show_is_refused(auth: Auth, message: str) -> None:
    with pytest.raises(UsageError) as raised:
        Tokens(auth, "USER", Secrets())
    assert str(raised.value).startswith(message)
