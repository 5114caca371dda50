"""OpenAPI of the HTTP calls, held against the OpenAPI Initiative's own schema."""

from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from contracts.exchange.formats import openapi
from contracts.exchange.source import exported
from contracts.faults import ContractError
from tests.unit.contracts.bundles import ALL, loaded

WITH_CALLS = [name for name in ALL if loaded(name).source.calls]


@pytest.mark.parametrize("name", WITH_CALLS)
def test_every_call_is_described_as_openapi_has_it(name: str) -> None:
    one = loaded(name)
    made: dict[str, Any] = openapi.made(one)
    validate(made, cls=OpenAPIV31SpecValidator)
    found = {(way.upper(), path) for path, ways in made["paths"].items() for way in ways}
    assert found == {(call.method, openapi._path(call.path)) for call in one.bundle.calls.values()}


def test_parameters_statuses_and_bodies_are_those_of_the_contracts() -> None:
    made = openapi.made(exported("sos"))
    listed = made["paths"]["/api/messages/{sosId}"]["get"]
    assert [(one["name"], one["in"], one.get("required", False)) for one in listed["parameters"]] == [
        ("sosId", "path", True), ("skip", "query", False), ("limit", "query", False),
    ]  # fmt: skip
    assert listed["parameters"][2]["schema"] == {"type": "integer", "minimum": 1, "maximum": 50, "default": 50}
    created = made["paths"]["/api/messages/{sosId}"]["post"]
    body = created["requestBody"]["content"]["application/json"]["schema"]
    assert body["required"] == ["senderDisplayName", "content"]
    assert "201" in created["responses"]
    assert created["x-roomcheck-call"]["effect"] == {"broadcast": "message:broadcast"}


def test_contracts_without_calls_are_refused_with_their_file() -> None:
    folder = next(name for name in ALL if name not in WITH_CALLS)
    with pytest.raises(ContractError, match="no HTTP calls") as found:
        openapi.made(exported(folder))
    assert [fault.file for fault in found.value.faults] == [Path(folder) / "bundle.json"]
