"""Tokens are read where the settings of a target say that they stand, and refused as documented."""

from typing import Any

import pytest

from tests.running import KEY, ROOT
from tests.server.playing import checked_as, passed, wrong

EXAMPLE = ROOT / "contracts" / "example"
PLACES: dict[str, dict[str, Any]] = {
    "auth": {},
    "query": {"token_in": "query.ticket"},
    "header": {"token_in": "header.Authorization"},
    "cookie": {"token_in": "cookie.pass"},
    "event": {"token_event": {"event": "login", "payload": {"pass": "{token}"}, "ack": {"ok": True}}},
    "event with answers": {
        "token_event": {"event": "login", "payload": "{token}", "taken": "welcome", "refused": "unwelcome"}
    },
}
RULES = ("bad-token-is-refused", "socket-connects", "sender-is-named-truly", "bad-token-is-401")


@pytest.mark.parametrize("place", PLACES)
def test_a_token_is_read_where_it_stands(place: str) -> None:
    claims = {"sub": "{user_id}", "scope": {"role": "{role}"}}
    result = checked_as({"auth": {"kind": "jwt", "key": KEY, "claims": claims, **PLACES[place]}}, EXAMPLE, select=RULES)
    assert wrong(result) == []
    tokens = {"expired", "missing", "not a token", "signed with another key"}
    shown = tokens - ({"missing"} if place.startswith("event") else set())  # Who emits no event has shown none yet.
    assert {f"bad-token-is-refused: token: {kind}" for kind in shown} <= passed(result)
    assert "sender-is-named-truly: cursor:moved" in passed(result)
