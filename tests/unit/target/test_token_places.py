"""Several places of a token: each socket uses one of them."""

import pytest

from conformance.support.errors import UsageError
from conformance.target.target import Auth
from conformance.target.token_place import places_of


def test_a_list_of_places_is_used_by_turns() -> None:
    auth = Auth(token="t", **places_of({"token_in": ["auth.pass", "query.pass"]}, "auth"))
    assert [auth.place_of(turn).setting for turn in range(3)] == ["auth.pass", "query.pass", "auth.pass"]


def test_one_place_is_used_by_all() -> None:
    auth = Auth(token="t", **places_of({"token_in": ["query.pass"]}, "auth"))
    assert {auth.place_of(turn).setting for turn in range(3)} == {"query.pass"}


def test_each_place_of_a_list_is_held_against_what_there_is() -> None:
    with pytest.raises(UsageError, match=r"token_in: 'body\.pass' names no place of a token"):
        places_of({"token_in": ["auth.pass", "body.pass"]}, "auth")
