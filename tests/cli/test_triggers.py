"""Triggers: what provokes a broadcast is settings, and what nothing provokes is told with the setting."""

import json
from dataclasses import replace
from pathlib import Path

import jwt

from conformance.model.act import Connect, Enter, Now, Request, Together
from conformance.plan.delivery import interesting
from conformance.plan.stimulus import Setting, cue
from conformance.stage.clients.tokens import Minter
from conformance.stage.opening import first_room
from conformance.target.secrets import Secrets
from conformance.target.target import Auth, Person
from conformance.target.triggers import Triggers, equipped
from contracts.load import load
from contracts.trigger import Trigger
from tests.running import KEY, roomcheck, served, settings

SOS = load("sos")


def checked(folder: Path, url: str, **table: object):
    report = folder / "report.json"
    path = settings(folder, realtime_urls=[url], **table)
    run = roomcheck("check", "--target", "it", "--settings", str(path), "--select", "broadcast-arrives", "--select",
                    "values-come-out-as-they-went-in", "--report", f"json={report}")  # fmt: skip
    return run, json.loads(report.read_text())


def test_a_table_of_ones_own_provokes_an_event(tmp_path: Path) -> None:
    trigger = {
        "method": "POST",
        "url": "/internal/messaging/broadcast",
        "headers": {"x-internal-token": "a secret of its own"},
        "status": [200],
        "body": {"sosId": "{sosId}", "message": {
            "id": "{uuid}", "senderType": "{senderType}", "senderDisplayName": "{senderDisplayName}",
            "contentType": "{contentType}", "content": "{content}", "createdAt": "{now_iso}", "timestamp": "{now_ms}"}},
        "values": {"senderType": ["CITIZEN", "RESCUER"]},
    }  # fmt: skip
    with served("--internal-token", "a secret of its own") as url:
        run, made = checked(tmp_path, url, triggers={"base": "none", "message:broadcast": trigger})
    found = {v["subject"]: v["outcome"] for v in made["verdicts"] if v["rule"] == "broadcast-arrives"}
    assert found["message:broadcast"] == "pass"
    assert {one["subject"]: one["reason"] for one in made["not_exercised"] if one["rule"] == "broadcast-arrives"} == {
        event: f'no trigger causes it: set triggers = "api", or a table [targets.it.triggers."{event}"]'
        for event in ("participant:joined:broadcast", "participant:left:broadcast")
    }
    assert run.returncode == 0, run.stdout


def test_an_event_can_be_left_without_a_trigger(tmp_path: Path) -> None:
    with served() as url:
        run, made = checked(tmp_path, url, triggers={"participant:left:broadcast": False})
    assert {one["subject"] for one in made["not_exercised"]} == {"participant:left:broadcast"}
    assert run.returncode == 0, run.stdout


def test_a_template_keeps_the_types_of_fields() -> None:
    body = {"at": "{now_ms}", "where": ["{latitude}", "lat {latitude}"], "fixed": 3, "id": "{uuid}"}
    own = {
        "location:broadcast": Trigger(
            event="location:broadcast", method="POST", url="/x/{sosId}", status=(200,), body=body
        )
    }
    bundle = equipped(SOS, Triggers(own=own), (), "targets.it").bundle
    broadcast = bundle.broadcast("location:broadcast")
    assert broadcast is not None
    setting = Setting(bundle=bundle, nonce="n")
    made = cue(setting, broadcast, "r1", "ann", "m", by="call")
    assert made is not None
    assert isinstance(made.step, Request)
    latitude = made.step.params["latitude"]
    assert made.step.body["where"] == [latitude, f"lat {latitude}"]
    assert made.step.body["at"] == Now(unit="unix-ms")
    assert made.step.body["fixed"] == 3
    other = cue(Setting(bundle=bundle, nonce="other"), broadcast, "r1", "ann", "m", by="call")
    assert other is not None
    assert isinstance(other.step, Request)
    assert made.step.body["id"] != other.step.body["id"], "an id is new in every run"


def sent_types(values: dict[str, tuple[object, ...]], marks: int = 40) -> set[object]:
    """What the internal call of a message says of its sender, over many cues."""
    internal = SOS.presets["internal"].triggers["message:broadcast"]
    own = {"message:broadcast": replace(internal, values=values)}
    bundle = equipped(SOS, Triggers(base="none", own=own), ("x-internal-token",), "targets.it").bundle
    broadcast = bundle.broadcast("message:broadcast")
    assert broadcast is not None
    made = [cue(Setting(bundle=bundle, nonce="n"), broadcast, "r1", "ann", f"m{n}", by="call") for n in range(marks)]
    steps = [one.step for one in made if one]
    assert all(
        isinstance(step, Request) and step.params["senderType"] == step.body["message"]["senderType"] for step in steps
    )
    return {step.params["senderType"] for step in steps if isinstance(step, Request)}


def test_a_call_is_sent_the_values_that_it_takes() -> None:
    taken = SOS.presets["internal"].triggers["message:broadcast"].values
    assert sent_types(dict(taken)) == {"CITIZEN", "SOS_ADMIN", "RESCUER", "SYSTEM"}
    assert sent_types({}) == {"citizen"}, "without values: those of the contract's example"


def test_each_value_that_a_call_takes_is_played_where_the_contract_lists_values() -> None:
    joined = SOS.presets["internal"].triggers["participant:joined:broadcast"]
    own = {"participant:joined:broadcast": replace(joined, values={"userType": ("ADMIN", "citizen")})}
    bundle = equipped(SOS, Triggers(base="none", own=own), (), "targets.it").bundle
    broadcast = bundle.broadcast("participant:joined:broadcast")
    assert broadcast is not None
    setting = Setting(bundle=bundle, nonce="n")
    labels = {label: fixed for label, fixed, _ in interesting(setting, broadcast)}
    assert labels == {"userType: ADMIN": {"userType": "ADMIN"}, "userType: citizen": {"userType": "citizen"}}
    made = {
        kind: cue(setting, broadcast, "r1", "ann", kind, {"userType": kind}, by="call") for kind in ("ADMIN", "citizen")
    }
    assert made["ADMIN"] is not None
    assert made["citizen"] is not None
    assert "userType" not in made["ADMIN"].match, "whether the service passes it on or translates it is for the schema"
    assert made["citizen"].match["userType"] == "citizen"


def test_values_that_no_template_asks_for_are_refused(tmp_path: Path) -> None:
    trigger = {"method": "POST", "url": "/x/{sosId}", "body": {"text": "{content}"}, "values": {"contnet": ["A"]}}
    path = settings(tmp_path, realtime_urls=["http://127.0.0.1:9"], triggers={"message:broadcast": trigger})
    run = roomcheck("check", "--target", "it", "--settings", str(path), "--list")
    assert run.returncode == 2
    assert "message:broadcast: values: the template does not ask for {contnet}; did you mean 'content'?" in run.stderr


def test_claims_speak_of_the_room_that_an_actor_enters_first() -> None:
    import asyncio

    claims = {"sub": "{user_id}", "mission": {"sosId": "{sos_id}"}, "level": 2}
    auth = Auth(key=KEY, claims=claims, issuer="sso", audience="sos", key_id="k1")
    assert auth.of_each_room
    minted = asyncio.run(Minter(auth, Secrets()).mint(Person(user="u", role="CITIZEN", sos="r1"), "own"))
    assert minted.user == "u"
    told = jwt.decode(minted.token, KEY, algorithms=["HS256"], audience="sos", issuer="sso")
    assert (told["sub"], told["mission"], told["level"]) == ("u", {"sosId": "r1"}, 2)
    assert jwt.get_unverified_header(minted.token)["kid"] == "k1"

    def entering(actor: str, room: str) -> Enter:
        return Enter(actor=actor, room=room, event="e", payload={})

    steps = (
        Connect(actor="ann"),
        Together(steps=(entering("bob", "r2"), entering("ann", "r1"))),
        entering("ann", "r3"),
    )
    assert (first_room(steps, "ann"), first_room(steps, "bob"), first_room(steps, "eve")) == ("r1", "r2", None)
