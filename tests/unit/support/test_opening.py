"""The fields of a handshake, of a confirmed connection, and what their faults are called."""

import json
from typing import Any

import pytest

from conformance.support.opening import MOST_MS, BadOpening, confirmation_fault, opening_of

GOOD: dict[str, Any] = {"sid": "e", "upgrades": [], "pingInterval": 25000, "pingTimeout": 20000, "maxPayload": 10**6}


def opened(**fields: Any) -> dict[str, Any]:
    """The handshake with these fields; `...` leaves one out."""
    return opening_of("0" + json.dumps({name: one for name, one in (GOOD | fields).items() if one is not ...}))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"maxPayload": ...},
        {"maxPayload": 0},
        {"maxPayload": None},
        {"pingInterval": 0},
        {"pingInterval": 250.5},
        {"pingInterval": MOST_MS - 20000},
        {"upgrades": ["websocket", "webtransport"]},
        {"more": [1]},
    ],
)
def test_what_clients_can_use_is_taken(fields: dict[str, Any]) -> None:
    assert opened(**fields)["sid"] == "e"


WRONG = {
    "sid": (..., 5, "", None, []),
    "upgrades": (..., "websocket", None, [1], {}),
    "pingInterval": (..., "25000", -1, 10**400, float("nan"), float("inf"), True, None, [], MOST_MS),
    "pingTimeout": (..., "20000", -1, 10**400, float("nan"), False, None, {}),
    "maxPayload": ("1e6", -1, 1.5, True, []),
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_what_they_cannot_is_a_fault_of_the_handshake(name: str, value: Any) -> None:
    with pytest.raises(BadOpening):
        opened(**{name: value})


@pytest.mark.parametrize("packet", ["0{", "0[]", "0", '0{"sid":' + "[" * 100_000])
def test_what_is_no_object_is_no_handshake(packet: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as raised:
        opening_of(packet)
    assert not isinstance(raised.value, BadOpening)


@pytest.mark.parametrize(
    "data", [{"sid": "s"}, {"sid": "s", "pid": "p"}, {"sid": "s", "pid": None}, {"sid": "s", "x": 1}]
)
def test_a_confirmation_with_a_session_id_is_taken(data: Any) -> None:
    assert confirmation_fault(data) == ""


@pytest.mark.parametrize("data", [None, {}, [], "s", {"sid": 5}, {"sid": ""}, {"sid": None}, {"sid": "s", "pid": 5}])
def test_a_confirmation_without_one_is_a_fault(data: Any) -> None:
    assert confirmation_fault(data)
