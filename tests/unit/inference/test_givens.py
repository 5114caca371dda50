"""Which fields of requests name what the service has told their socket before."""

from typing import Any

import pytest

from conformance.inference.givens import given_in
from conformance.inference.requests import Asked
from conformance.inference.scenes import Emission, Publication, Scene

FOUND = {"id": {"broadcast": "added", "at": "/id"}}


def emission(event: str, actor: str, at_s: float, **values: Any) -> Emission:
    places = {f"/0/{name}": value for name, value in values.items()}
    return Emission(event=event, namespace="/", actor=actor, at_s=at_s, args=(values,), values=places)


def found(
    named: str = "e1",
    told: str = "e1",
    *,
    hears: str = "ann",
    at_s: float = 2.0,
    ids: str = "",
    again: int = 1,
    **sent: Any,
) -> dict[str, Any]:
    """What is given of an edit, after something was added that the service told of."""
    adding, editing = (
        emission("add", "ann", 1.0, text="one", **sent),
        emission("edit", "ann", at_s, id=named, text="two"),
    )
    telling = [
        Publication(
            event="added", namespace="/", first_s=1.1 + number, values={"/0/id": told, "/0/text": "one"},
            receivers={hears}, cause=adding,
        )
        for number in range(again)
    ]  # fmt: skip
    scene = Scene(
        emissions=[adding, editing], publications=telling, lives={}, ids={"bob": {ids}}, users={}, rooms=(), marks=[]
    )
    asked = {one.event: Asked(event=one.event, emissions=[one], good=[one]) for one in (adding, editing)}
    return given_in([scene], asked["edit"], asked)


def test_what_the_service_made_and_told_is_given() -> None:
    assert found() == FOUND


@pytest.mark.parametrize(
    "otherwise",
    [
        {"told": "e2"},
        {"hears": "bob"},
        {"at_s": 1.05},
        {"ids": "e1"},
        {"again": 2},
        {"key": "e1"},
    ],
    ids=["another", "told others alone", "told later", "the id of a socket", "told of several", "chosen by the client"],
)
def test_anything_else_is_not(otherwise: dict[str, Any]) -> None:
    assert found(**otherwise) == {}
