"""What counts as a secret in what clients and services send, and what does not."""

import base64

import pytest

from conformance.recording.redaction import secrets_in, secrets_of_headers, secrets_of_query, shows_token

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"token": "abc123"}, ["abc123"]),
        ({"token": f"Bearer {JWT}"}, [JWT]),
        ({"user": {"password": "hunter2", "name": "ann"}}, ["hunter2"]),
        ({"apiKey": "k-1", "api_key": "k-2", "x-api-key": "k-3"}, ["k-1", "k-2", "k-3"]),
        ({"accessToken": ["a", "b"]}, ["a", "b"]),
        ({"text": f"my token is {JWT}, keep it"}, [JWT]),
        ([{"x": JWT}], [JWT]),
        ({"key": "r1", "name": "ann", "room": "r1", "text": "eyJ is how it begins"}, []),
        ({"tokens": 7, "hasPassword": True}, []),
        ("plain", []),
        (None, []),
    ],
)
def test_secrets_are_known_by_name_and_by_form(value: object, found: list[str]) -> None:
    assert sorted(secrets_in(value)) == sorted(found)
    assert shows_token(value) == bool(found)


def test_a_value_that_is_nested_without_end_is_searched_as_far_as_people_write() -> None:
    value: object = {"token": "deep-down"}
    for _ in range(5_000):
        value = [value]
    assert list(secrets_in(value)) == []


def test_parameters_of_engine_io_are_no_secrets() -> None:
    assert list(secrets_of_query("EIO=4&transport=polling&sid=abcdefgh&t=P1&token=s3cret&room=r1")) == ["s3cret"]


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        (b"Authorization", b"Bearer s3cret-token", ["s3cret-token"]),
        (b"authorization", b"s3cret-token", ["s3cret-token"]),
        (
            b"Authorization",
            b"Basic " + base64.b64encode(b"ann:pass:word"),
            [base64.b64encode(b"ann:pass:word").decode(), "pass:word"],
        ),
        (b"Authorization", b"Basic no base64", ["no base64"]),
        (b"Cookie", b'lang=en; session="0123456789abcdef"; io=x', ["0123456789abcdef"]),
        (
            b"Set-Cookie",
            b"session=0123456789abcdef; Path=/; Expires=Thu, 01 Jan 2026 00:00:00 GMT",
            ["0123456789abcdef"],
        ),
        (b"X-Internal-Token", b"inner-word", ["inner-word"]),
        (b"Access-Control-Allow-Headers", b"authorization", []),
        (b"Sec-WebSocket-Key", b"dGhlIHNhbXBsZSBub25jZQ==", []),
        (b"Accept", b"application/json", []),
    ],
)
def test_secrets_of_headers(name: bytes, value: bytes, found: list[str]) -> None:
    assert list(secrets_of_headers([(name, value)])) == found
