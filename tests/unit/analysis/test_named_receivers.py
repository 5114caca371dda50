"""Requests that say who receives what comes of them: a service may refuse one that names nobody, or no member."""

import json
from pathlib import Path

import msgspec
import pytest

from conformance.analysis.given import not_given
from conformance.model.act import Emit, InOrder, SocketOf, Step, Together
from conformance.model.transcript import Opened
from conformance.plan.audience import assembly
from conformance.plan.delivery import chorus
from conformance.plan.requests import alive_cue
from conformance.plan.stimulus import Setting, signal
from contracts.load import load
from contracts.model import Bundle
from tests.running import ROOT
from tests.unit.scripts import outcomes, transcript_of

POSTBOX = load(str(ROOT / "tests/cases/postbox_users/contracts"))

TEXT = {"type": "string", "minLength": 1}
HEAD = {"title": "t", "version": "1", "summary": "s", "source": "s", "path": "/socket.io/", "namespace": "/"}
ACK = {"ack": True, "payload": {"type": "object", "required": ["ok"], "properties": {"ok": {"const": True}}}}
REPLY = {**ACK, "refused": {"at": "/0/ok", "const": False}}


def fields(*names: str) -> dict[str, object]:
    return {"type": "object", "required": list(names), "properties": dict.fromkeys(names, TEXT)}


@pytest.fixture(scope="module")
def party(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A party from which members are cast out: who is, and the others, are told."""
    asked = {
        "join": (fields("party"), {"membership": "enter"}),
        "say": (fields("party", "text"), {"broadcast": "said"}),
        "cast": (fields("party", "member"), {"broadcast": ["cast:you", "cast:out"]}),
    }
    told = {
        "said": ("room", fields("party", "text")),
        "cast:you": ({"socket": "/member"}, fields("party", "member")),
        "cast:out": ("room", fields("party", "member")),
    }
    folder = tmp_path_factory.mktemp("party")
    (folder / "events").mkdir()
    room = {"template": "p:{party}", "key": "party", "source": "s"}
    _write(folder / "bundle.json", {**HEAD, "bundle": "party", "room": room})
    for name, (payload, effect) in asked.items():
        part = {"payload": payload, "effect": effect, "reply": REPLY}
        _write(folder / "events" / f"{name}.json", _event(name, client_to_server=part))
    for name, (receivers, payload) in told.items():
        part = {"receivers": receivers, "payload": payload, "echoes": list(payload["properties"])}  # type: ignore[call-overload]
        _write(folder / "events" / f"{name.replace(':', '-')}.json", _event(name, server_to_client=part))
    return load(str(folder))


def _event(name: str, **parts: object) -> dict[str, object]:
    return {"event": name, "summary": "s", "source": "s", **parts}


def _write(path: Path, document: object) -> None:
    path.write_text(json.dumps(document))


START = """
ann opened a1 token=own
bob opened b1 token=own
cyd opened c1 token=own
ann in r1
bob in r1
"""
CAST = 'ann -> cast {"party": "r1", "member": "%s"} #1\n'
REFUSED = 'ann <= cast #1 {"ok": false}\n'
LATER = """
@9.0 ann -> say {"party": "r1", "text": "last"} #8
ann <= say #8 {"ok": true}
ann <- said {"party": "r1", "text": "last"}
bob <- said {"party": "r1", "text": "last"}
"""


@pytest.mark.parametrize(("member", "is_unsure"), [("b1", False), ("c1", False), ("somebody", True)])
def test_a_request_that_names_nobody_may_be_refused(party: Bundle, member: str, is_unsure: bool) -> None:
    assert bool(not_given(party, transcript_of(START + CAST % member, party).entries)) is is_unsure


def test_a_request_that_names_an_empty_text_names_nobody(party: Bundle) -> None:
    """What a socket is not known as is no name, be it an empty one."""
    entries = transcript_of(START + CAST % "", party).entries
    unnamed = tuple(msgspec.structs.replace(one, user="") if isinstance(one, Opened) else one for one in entries)
    assert len(not_given(party, unnamed)) == 1


def test_where_no_user_is_known_a_request_may_name_any() -> None:
    asked = 'ann opened a1\nann -> letter:send {"to": "%s", "text": "x"}\n'
    strangers = transcript_of(asked % "ub", POSTBOX).entries
    assert not_given(POSTBOX, strangers) == frozenset()
    known = transcript_of("bob opened b1 user=ub\n" + asked % "uc", POSTBOX).entries
    assert not_given(POSTBOX, known) == {2}


@pytest.mark.parametrize(("member", "accused"), [("b1", True), ("c1", False), ("somebody", False)])
def test_only_to_refuse_one_that_names_a_member_is_a_fault(party: Bundle, member: str, accused: bool) -> None:
    found = outcomes("request-has-its-effect", START + CAST % member + REFUSED + LATER, party)
    assert ("fail" in found) is accused


def test_one_that_names_nobody_may_be_carried_out(party: Bundle) -> None:
    told = '{0} <- cast:out {{"party": "r1", "member": "somebody"}}\n'
    script = START + CAST % "somebody" + told.format("ann") + told.format("bob") + LATER
    for rule in ("delivered-exactly-once", "everyone-in-the-room-receives", "bad-request-has-no-effect"):
        assert "fail" not in outcomes(rule, script, party)


def flat(steps: tuple[Step, ...]) -> list[Step]:
    return [one for step in steps for one in (flat(step.steps) if isinstance(step, Together | InOrder) else [step])]


def test_only_where_somebody_is_named_such_a_request_is_played(party: Bundle) -> None:
    setting = Setting(bundle=party, nonce="n")
    for act, named in ((chorus(setting), []), (assembly(setting), [SocketOf(actor="bob")])):
        assert act is not None
        emits = [step for step in flat(act.steps) if isinstance(step, Emit) and step.event == "cast"]
        assert [step.args[0]["member"] for step in emits][: len(named) or 1] == named
    for one in (signal(setting, "r1", "ann", "m"), alive_cue(setting, "r1", "ann")):
        assert one is not None
        assert one.event == "said"
