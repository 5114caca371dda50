"""The tokens of a run: minted, fixed, or printed by a command, each made once and never written down."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

from conformance.model.act import Token
from conformance.support.template import written
from conformance.target.auth import COMMAND_S, MOST_PRINTED_BYTES, kill_group, not_printed, prepared, printed
from conformance.target.claims import names
from conformance.target.secrets import Secrets
from conformance.target.target import FORGER_KEY, GARBAGE_TOKEN, Auth, Person, Target

RSA_BITS = 2048
RSA_EXPONENT = 65537


@dataclass(frozen=True, slots=True, kw_only=True)
class Minted:
    """A token, and the user id by which the service will know its bearer, where the token names it."""

    token: str | None = field(repr=False)
    user: str | None = None


NO_TOKEN = Minted(token=None)


class Minter:
    """Makes tokens of every kind for the people of a run."""

    def __init__(self, auth: Auth, secrets: Secrets) -> None:
        self._auth = auth
        self._secrets = secrets
        self._printed: dict[tuple[str, ...], asyncio.Future[str]] = {}
        # Made before anything is timed: an RSA key takes a tenth of a second, and to read one a fortieth.
        self._key = prepared(auth.key, auth.algorithm) if auth.key else None
        self._forger = prepared(_other_key(auth.algorithm), auth.algorithm) if auth.key else FORGER_KEY
        secrets.add(auth.key, auth.token, *auth.tokens.values())

    async def mint(self, person: Person, kind: Token) -> Minted:
        """A token of that kind; none where it is to be left away or cannot be made.

        Raises:
            UsageError: the command that should print it failed.
        """
        match kind:
            case "none":
                return NO_TOKEN
            case "garbage":
                return Minted(token=GARBAGE_TOKEN)
            case "own":
                made = await self._own(person)
            case "forged":
                made = Minted(token=await self._forged(person))
            case "expired":
                key = self._key
                made = Minted(token=self._auth.signed(person, key, "expired")) if key else NO_TOKEN
        self._secrets.add(made.token)
        return made

    async def _own(self, person: Person) -> Minted:
        auth = self._auth
        match auth.kind:
            case "jwt":
                return Minted(token=auth.signed(person, self._key), user=person.user)
            case "command":
                token = await self._of_command(person)
                return Minted(token=token, user=person.user if names(token, person.user) else None)
            case "token":
                return Minted(token=auth.fixed(person.role))
            case "none":
                return NO_TOKEN

    async def _forged(self, person: Person) -> str | None:
        if self._auth.kind == "jwt":
            return self._auth.signed(person, self._forger)
        own = (await self._own(person)).token
        if own is not None and own.count(".") == 2:
            # Everything as it should be but the signature, which is another's.
            head, claims, _ = own.split(".")
            return f"{head}.{claims}.{Auth().signed(person, FORGER_KEY).rsplit('.', 1)[1]}"
        return Auth().signed(person, FORGER_KEY)

    async def _of_command(self, person: Person) -> str:
        """What the command prints for a person; asked once for each that its words tell apart."""
        words = tuple(str(written(word, person.fields())) for word in self._auth.command)
        if words not in self._printed:
            self._printed[words] = asyncio.ensure_future(_printed(words))
        return await self._printed[words]


async def knocking(target: Target, minter: Minter, user: str, role: str) -> Target:
    """The target with the token that requests of a handshake show, where the token stands in requests.

    Args:
        role: that the token claims unless the target says otherwise.

    Raises:
        UsageError: the command that should print it failed.
    """
    place = target.auth.socket_place
    if not (place.in_request and target.auth.demanded):
        return target
    minted = await minter.mint(Person(user=user, role=target.auth.socket_role or role), "own")
    return replace(target, knock=place.presented(minted.token))


async def _printed(words: tuple[str, ...]) -> str:
    try:
        program = await asyncio.create_subprocess_exec(
            *words,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise not_printed(words, error) from error
    try:
        async with asyncio.timeout(COMMAND_S):
            said, complained = await _begin(program.stdout), b""
            if len(said) <= MOST_PRINTED_BYTES:
                complained = await _begin(program.stderr)
            if max(len(said), len(complained)) <= MOST_PRINTED_BYTES:
                await program.wait()
    except TimeoutError as error:
        raise not_printed(words, error) from error
    finally:
        if program.returncode is None:
            kill_group(program.pid)
            await program.communicate()  # It has ended for asyncio once its pipes are read to their end.
    return printed(words, program.returncode or 0, said, complained)


async def _begin(stream: asyncio.StreamReader | None) -> bytes:
    """What a program writes, as far as it could be a token."""
    data = b""
    while stream and len(data) <= MOST_PRINTED_BYTES and (more := await stream.read(MOST_PRINTED_BYTES)):
        data += more
    return data


def _other_key(algorithm: str) -> str:
    """A key of the algorithm's kind that no service was ever given, as PEM or as a text."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    made: Any
    match algorithm[:2]:
        case "HS":
            return FORGER_KEY
        case "RS" | "PS":
            made = rsa.generate_private_key(RSA_EXPONENT, RSA_BITS)
        case "ES":
            made = ec.generate_private_key(ec.SECP384R1() if algorithm == "ES384" else ec.SECP256R1())
        case _:
            made = ed25519.Ed25519PrivateKey.generate()
    pem: bytes = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return pem.decode()
