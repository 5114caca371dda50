"""Tokens of a load's virtual clients: minted, fixed or printed, and in no output."""

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


@pytest.mark.parametrize(
    ("auth", "token", "known"),
    [
        (Auth(key=KEY), "any", "ann"),
        (Auth(token="fixed"), "fixed", None),
        (Auth(), None, None),
        (Auth(command=("print",)), jwt.encode({"identity": [{"id": "ann"}]}, KEY), "ann"),
        (Auth(command=("print",)), jwt.encode({"sub": "ben"}, KEY), None),
        (Auth(command=("print",)), "opaque", None),
    ],
    ids=["minted", "fixed", "none", "printed-with-the-user", "printed-of-another", "printed-opaque"],
)
def test_a_service_knows_a_user_by_a_token_that_names_it(auth: Auth, token: str | None, known: str | None) -> None:
    assert Tokens(auth, "USER", Secrets()).known_as("ann", token) == known


def test_a_command_prints_the_token_of_each_user_beforehand() -> None:
    secrets = Secrets()
    tokens = Tokens(Auth(command=("printf", "%s-%s\\n", "{user_id}", "{role}")), "USER", secrets)
    tokens.prepare("ann")
    assert tokens.of("ann", "r") == "ann-USER"
    assert covered(secrets, "it is ann-USER") == f"it is {COVER}"


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (("false",), "ended with 1 and printed no token"),
        (("true",), "ended with 0 and printed no token"),
        (("echo", "two words"), "to print one token, got 2 words"),
        (("no-such-program",), "cannot be run: No such file or directory"),
        (("tail", "-f", "/dev/null"), "printed no token within "),
        (("sh", "-c", "yes | tr y x"), "printed more than 65536 bytes"),
        (("sh", "-c", "yes >&2"), "printed no token within "),
    ],
)
def test_a_command_that_prints_no_token_is_named(
    command: tuple[str, ...], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "within" in why:
        monkeypatch.setattr("loadtests.worker.tokens.COMMAND_S", 0.05)
    with pytest.raises(UsageError, match=r"auth\.command") as raised:
        Tokens(Auth(command=command), "USER", Secrets()).prepare("ann")
    assert repr(command[0]) in str(raised.value)
    assert why in str(raised.value)


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
