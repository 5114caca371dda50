"""Tokens that a service tells and that the run did not make are covered by their form, and nothing else is."""

import re

import pytest

from conformance.model.transcript import Got, Transcript
from conformance.target.secrets import COVER, JWT, Secrets

HEAD = "eyJhbGciOiJIUzI1NiJ9"
CLAIMS, SIGNATURE = "eyJzdWIiOiJzb21lYm9keSBlbHNlIn0", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
TOKEN = f"{HEAD}.{CLAIMS}.{SIGNATURE}"


@pytest.mark.parametrize(
    "text", [TOKEN, f"Bearer {TOKEN}", f"token={TOKEN}&x=1", f'{{"token":"{TOKEN}"}}', f"{TOKEN}."]
)
def test_the_claims_and_the_signature_of_a_foreign_token_are_covered(text: str) -> None:
    covered = Secrets().covered(text)
    assert CLAIMS not in covered
    assert SIGNATURE not in covered
    assert (len(covered), covered.replace("covered-", "", 1) != covered) == (len(text), True)
    assert Secrets().covered(covered) == covered


def test_what_stands_for_a_token_keeps_what_schemas_and_rules_ask_of_it() -> None:
    secrets, other = Secrets(), TOKEN[:-1] + "A"
    assert re.fullmatch(r"eyJ[\w-]+\.[\w-]{20,}\.[\w-]{43}", secrets.covered(TOKEN))
    assert secrets.covered(TOKEN) == secrets.covered(TOKEN)
    assert secrets.covered(TOKEN) != secrets.covered(other)


def test_a_known_token_is_covered_as_a_whole() -> None:
    assert Secrets(TOKEN).covered(f"x {TOKEN}") == f"x {COVER}"


@pytest.mark.parametrize(
    "text",
    [
        "9b2f0c1e-6a70-4a8f-bd6b-eyJhbGciOiJI",
        "eyJhIjoxfQ==",
        f"{HEAD}.{CLAIMS}",
        f"{CLAIMS}",
        f"{HEAD}.message.broadcast-to-every-room",
        f"{HEAD}.{CLAIMS}.short",
        f"x{HEAD}.{CLAIMS}.{SIGNATURE}",
        "eyJ.eyJ.eyJ",
        "www.example.com/eyJ/a.b.c",
    ],
)
def test_ids_and_texts_in_base64_are_left_alone(text: str) -> None:
    transcript = Transcript(
        act="a", rooms=(), began_s=0.0, ended_s=0.0, entries=(Got(at_s=0.0, actor="a", event="e", args=(text,)),)
    )
    assert Secrets().covered(text) == text
    assert Secrets().cover_transcript(transcript) is transcript


def test_a_foreign_token_is_covered_wherever_it_stands_in_a_transcript() -> None:
    got = Got(at_s=0.0, actor="a", event="e", args=({"deep": [{TOKEN: f"x {TOKEN}"}]},))
    made = Secrets("s3cret").cover_transcript(Transcript(act="a", rooms=(), entries=(got,), began_s=0.0, ended_s=0.0))
    assert not JWT.search(repr(made))
    assert SIGNATURE not in repr(made)
