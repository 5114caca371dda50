"""How actors authenticate, as settings describe it."""

from pathlib import Path

import jwt
import pytest

from conformance.support.errors import UsageError
from conformance.target.auth import COMMAND_S, auth_of, not_printed, prepared, printed, tls_of
from conformance.target.secrets import Secrets
from conformance.target.target import TOKEN_LIFE_S, Auth, Person

KEY = "a shared secret, long enough for HS256"
WHERE = "target.auth"


def read(table: dict[str, object], folder: Path = Path(), secrets: Secrets | None = None) -> Auth:
    return auth_of(table, folder, WHERE, secrets or Secrets())


def test_without_a_table_nothing_is_shown() -> None:
    auth = read({"kind": "none"})
    assert (auth.kind, auth.demanded, auth.of_each_room) == ("none", False, False)
    assert auth.fixed("CITIZEN") is None


def test_fixed_tokens_are_those_of_their_roles() -> None:
    auth = read(
        {"kind": "token", "token": "t", "tokens": {"Admin": "a"}, "socket_role": "ADMIN", "caller_role": "RESCUER"}
    )
    assert (auth.kind, auth.demanded, auth.socket_role, auth.caller_role) == ("token", True, "ADMIN", "RESCUER")
    assert [auth.fixed(role) for role in ("ADMIN", "admin", "CITIZEN")] == ["a", "a", "t"]
    alone = read({"kind": "token", "tokens": {"admin": "a"}})
    assert (alone.kind, alone.fixed("CITIZEN")) == ("token", None)


def test_a_command_may_ask_for_who_it_is_for() -> None:
    auth = read({"kind": "command", "command": ["mint", "{user_id}", "{role}"]})
    assert (auth.kind, auth.command, auth.of_each_room) == ("command", ("mint", "{user_id}", "{role}"), False)
    assert read({"kind": "command", "command": ["mint", "--sos={sos_id}"]}).of_each_room


def test_tokens_are_minted_with_the_claims_of_the_table() -> None:
    table = {
        "kind": "jwt", "key": f" {KEY}\n", "claims": {"who": "{user_id}", "of": "{sos_id}"}, "key_id": "k1", "issuer": "i",
        "audience": "a", "life_s": 60,
    }  # fmt: skip
    secrets = Secrets()
    auth = read(table, secrets=secrets)
    assert (auth.kind, auth.key, auth.algorithm, auth.life_s, auth.of_each_room) == ("jwt", KEY, "HS256", 60, True)
    assert KEY not in secrets.covered(f"the key is {KEY}")
    token = auth.signed(Person(user="u1", role="ADMIN", sos="s1"), prepared(KEY, "HS256"))
    claims = jwt.decode(token, KEY, algorithms=["HS256"], audience="a", issuer="i")
    assert (claims["who"], claims["of"], claims["exp"] - claims["iat"]) == ("u1", "s1", 60)
    assert jwt.get_unverified_header(token)["kid"] == "k1"
    expired = auth.signed(Person(user="u1", role="ADMIN"), prepared(KEY, "HS256"), "expired")
    with pytest.raises(jwt.ExpiredSignatureError):
        jwt.decode(expired, KEY, algorithms=["HS256"], audience="a")
    late = jwt.decode(expired, KEY, algorithms=["HS256"], options={"verify_exp": False, "verify_aud": False})
    assert late["exp"] - late["iat"] == 60


def test_a_key_alone_mints_what_deployed_services_read() -> None:
    auth = read({"kind": "jwt", "key": KEY})
    claims = jwt.decode(auth.signed(Person(user="u1", role="ADMIN"), KEY), KEY, algorithms=["HS256"])
    assert (claims["identity"], claims["actor"]["type"]) == (
        {"userId": "u1", "firebaseUid": "u1", "role": "ADMIN"},
        "USER",
    )
    assert claims["sub"] == "u1"
    numbered = jwt.decode(auth.signed(Person(user="17", role="ADMIN", has_number=True), KEY), KEY, algorithms=["HS256"])
    assert (numbered["sub"], numbered["identity"]["userId"]) == ("17", 17)
    assert not claims.keys() & {"iss", "aud"}
    assert (auth.life_s, auth.of_each_room) == (TOKEN_LIFE_S, False)
    assert "kid" not in jwt.get_unverified_header(auth.signed(Person(user="u", role="ADMIN"), KEY))


def test_a_key_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{KEY}\n")
    assert read({"kind": "jwt", "key_file": "key"}, tmp_path).key == KEY


WRONG = {
    "a key of another kind": ({"kind": "none", "token": "t"}, 'token is not used with kind = "none", which reads nothing else'),
    "a key of a token": ({"kind": "jwt", "key": KEY, "token": "t"}, 'token is not used with kind = "jwt", which reads key, key_file'),
    "no token": ({"kind": "token"}, 'kind = "token" needs token, or [target.auth.tokens] with one for each role'),
    "no command": ({"kind": "command"}, 'kind = "command" needs command, the words of a program that prints a token'),
    "a word that nothing fills": ({"kind": "command", "command": ["{user}"]}, "target.auth.command: nothing is called {user} here"),
    "no key": ({"kind": "jwt"}, 'kind = "jwt" needs one of key and key_file'),
    "two keys": ({"kind": "jwt", "key": KEY, "key_file": "key"}, 'kind = "jwt" needs one of key and key_file'),
    "no such file": ({"kind": "jwt", "key_file": "nowhere"}, "target.auth.key_file: nowhere cannot be read"),
    "a claim that nothing fills": ({"kind": "jwt", "key": KEY, "claims": {"a": "{name}"}}, "target.auth.claims: nothing is called {name} here"),
    "a secret for RS256": ({"kind": "jwt", "key": KEY, "algorithm": "RS256"}, "target.auth: RS256 needs a PEM private key of its kind"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_with_the_table_is_said_without_a_secret(what: str) -> None:
    table, message = WRONG[what]
    with pytest.raises(UsageError) as raised:
        read(table)
    assert message in str(raised.value)
    assert KEY not in str(raised.value)


def test_a_command_prints_one_token() -> None:
    assert printed(["mint"], 0, b" token\n", b"") == "token"
    for code, said, complained, message in (
        (0, b"", b"", "'mint' ended with 0 and printed no token"),
        (3, b"token", b"first\nlast\n", "'mint' ended with 3 and printed no token: last"),
        (0, b"two words", b"", "expected 'mint' to print one token, got 2 words"),
    ):
        with pytest.raises(UsageError) as raised:
            printed(["mint"], code, said, complained)
        assert str(raised.value) == f"auth.command: {message}"


def test_a_command_that_cannot_be_run_is_told() -> None:
    assert str(not_printed(["mint"], TimeoutError())) == f"auth.command: 'mint' printed no token within {COMMAND_S:g} s"
    assert (
        str(not_printed(["mint"], FileNotFoundError(2, "No such file")))
        == "auth.command: 'mint' cannot be run: No such file"
    )


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"ca_file": "nowhere"}, "tls.ca_file: there is no file"),
        ({"key_file": "key"}, "tls.key_file: a key needs cert_file"),
        ({"cert_file": "key"}, "tls: a certificate or key cannot be used"),
        ({"ca_file": "key"}, "tls: a certificate or key cannot be used"),
    ],
)
def test_what_is_wrong_with_certificates_is_said(table: dict[str, str], message: str, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("none")
    with pytest.raises(UsageError, match=message):
        tls_of(table, tmp_path, "tls")


def test_certificates_are_verified_unless_that_is_switched_off() -> None:
    assert tls_of({}, Path(), "tls").check_hostname
    assert tls_of({"insecure": False}, Path(), "tls").verify_mode.name == "CERT_REQUIRED"
    insecure = tls_of({"insecure": True}, Path(), "tls")
    assert (insecure.check_hostname, insecure.verify_mode.name) == (False, "CERT_NONE")
