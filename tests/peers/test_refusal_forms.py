"""What a refused connection is told: message and data of the connect error, which tell expired from forged."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import socketio
from starlette.exceptions import HTTPException

from conformance.engine.check import CheckRequest, check
from conformance.judge.rule import rules
from conformance.judge.selection import Selection
from conformance.target.target import Auth, target
from contracts.faults import ContractError
from contracts.load import HERE, load
from contracts.refusal import refusal_of
from tests.peers.whiteboard import Whiteboard, user_of, whiteboard
from tests.running import KEY

RULE = "bad-token-is-refused"
BASE = {"http_status": 401, "source": "the guide"}


class TellsNothing(Whiteboard):
    """The message is right, and the data by which clients know to renew the token is missing."""

    async def _connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        try:
            await super()._connect(sid, environ, auth)
        except socketio.exceptions.ConnectionRefusedError as error:
            raise socketio.exceptions.ConnectionRefusedError(error.error_args["message"]) from error


class TellsAllTheSame(Whiteboard):
    """Every bad token is one that has expired: clients would renew a forged one for ever."""

    async def _connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        try:
            user_of(auth.get("token") if isinstance(auth, dict) else None, self._key)
        except HTTPException as error:
            data = {"code": "EXPIRED", "renew": True}
            raise socketio.exceptions.ConnectionRefusedError("TOKEN_EXPIRED", data) from error
        await super()._connect(sid, environ, auth)


def judged(kind: type[Whiteboard]) -> dict[str, tuple[str, str]]:
    """(outcome, message) of each kind of bad token."""

    async def whole() -> dict[str, tuple[str, str]]:
        async with whiteboard(KEY, kind) as url:
            aim = target(url, auth=Auth(key=KEY))
            chosen = Selection(rules=(RULE,))
            order = CheckRequest(bundle=load("example"), target=aim, rules=rules(), selection=chosen)
            result = await check(order, lambda record: None)
        return {verdict.subject: (verdict.outcome.value, verdict.message) for verdict in result.verdicts}

    return asyncio.run(whole())


def test_an_honest_service_tells_expired_from_forged() -> None:
    assert {outcome for outcome, _ in judged(Whiteboard).values()} == {"pass"}


def test_data_that_is_missing_is_found() -> None:
    found = judged(TellsNothing)
    assert found.pop("token: expired") == ("fail", "expected err.data, got a connect error without data")
    assert {outcome for outcome, _ in found.values()} == {"pass"}


def test_a_service_that_tells_all_the_same_is_found() -> None:
    found = judged(TellsAllTheSame)
    assert found.pop("token: expired")[0] == "pass"
    assert {message for _, message in found.values()} == {
        "expected a message that begins with 'NO_TOKEN', got 'TOKEN_EXPIRED'"
    }


def test_what_a_kind_of_token_leaves_out_is_as_in_general() -> None:
    document = {"message_prefix": "NO", "data": {"type": "object"}, "by_token": {"expired": {"message": "OLD"}}}
    made = refusal_of(BASE | document)
    expired, forged = made.of("expired"), made.of("forged")
    assert (expired.message, expired.message_prefix, expired.data) == ("OLD", None, forged.data)
    own = refusal_of(BASE | document | {"by_token": {"missing": {"data": {"const": 1}}}}).of("none")
    assert (own.message_prefix, own.fault("NO", 1), own.fault("NO", 2)) == ("NO", None, ("1 at `err.data`", "2"))


@pytest.mark.parametrize(
    ("message", "data", "fault"),
    [
        ("gone", {"code": 7}, None),
        ("gone away", {"code": 7}, ("the message 'gone'", "'gone away'")),
        ("gone", {"code": "7"}, ("type integer at `err.data.code`", '"7"')),
        ("gone", {}, ("the field `code` at `err.data`", "{}")),
        ("gone", None, ("err.data", "a connect error without data")),
    ],
)
def test_a_connect_error_is_held_against_its_form(message: str, data: Any, fault: Any) -> None:
    schema = {"type": "object", "required": ["code"], "properties": {"code": {"type": "integer"}}}
    form = refusal_of(BASE | {"message": "gone", "data": schema}).of("garbage")
    assert form.fault(message, data) == fault


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        ({"message_prefx": "X"}, "did you mean `message_prefix`?"),
        ({}, "the key `message_prefix` is missing"),
        ({"message": "X", "by_token": {"expird": {"message": "Y"}}}, "did you mean `expired`?"),
        ({"message": "X", "data": {"typ": "object"}}, "did you mean `type`?"),
        ({"message": "X", "by_token": {"expired": {}}}, "by_token"),
    ],
)
def test_what_cannot_be_said_of_a_refusal_is_refused(tmp_path: Path, refusal: dict[str, Any], words: str) -> None:
    folder = Path(shutil.copytree(HERE / "example", tmp_path / "copy"))
    document = json.loads((folder / "bundle.json").read_text())
    (folder / "bundle.json").write_text(json.dumps(document | {"refusal": BASE | refusal}, indent=1))
    with pytest.raises(ContractError) as caught:
        load(str(folder))
    assert any(words in fault.message for fault in caught.value.faults), caught.value
