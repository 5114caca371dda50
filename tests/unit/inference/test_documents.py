"""What contracts are inferred from a recording: causes, receivers, rooms, replies; and what is left open."""

import msgspec
import pytest

from conformance.inference.documents import Naming, inferred
from conformance.inference.scenes import telling
from conformance.inference.seen import seen_in
from contracts.valid_values import valid_values
from tests.unit.inference.recordings import events_of, inferred_of, recording


def rooms(*, member: str = "bob", stranger: str = "eve") -> str:
    """Two rooms, several messages in each: what one member says, its room hears."""
    lines = [f"@0 {one} opened s-{one} user=u-{one}" for one in ("ann", member, stranger)]
    lines += ['@0.1 ann -> join {"room": "room-1"} #1', f'@0.1 {member} -> join {{"room": "room-1"}} #2']
    lines += [f'@0.2 {stranger} -> join {{"room": "room-2"}} #3']
    lines += [f'@0.3 {one} <= join #{n} {{"ok": true}}' for n, one in enumerate(("ann", member, stranger), 1)]
    for n in range(6):
        said = f'{{"room": "room-1", "text": "some text {n}", "by": "u-ann"}}'
        lines.append(f'@{n + 1} ann -> say {{"room": "room-1", "text": "some text {n}"}}')
        lines += [f"@{n + 1}.1 {one} <- said {said}" for one in ("ann", member)]
    lines.append(f'@8 {member} -> leave {{"room": "room-1"}}')
    for n in range(6, 9):
        said = f'{{"room": "room-1", "text": "some text {n}", "by": "u-ann"}}'
        lines.append(f'@{n + 3} ann -> say {{"room": "room-1", "text": "some text {n}"}}')
        lines.append(f"@{n + 3}.1 ann <- said {said}")
    return "\n".join(lines)


def test_rooms_causes_receivers_echoes_and_senders_are_found() -> None:
    made = inferred_of(rooms())
    found = events_of(made)
    assert made.documents["bundle"]["room"]["key"] == "room"
    assert found["join"]["client_to_server"]["effect"] == {"membership": "enter"}
    assert found["join"]["client_to_server"]["reply"]["ack"] is True
    assert found["leave"]["client_to_server"]["effect"] == {"membership": "leave"}
    assert found["say"]["client_to_server"]["effect"] == {"broadcast": "said"}
    said = found["said"]["server_to_client"]
    assert said["receivers"] == "room"
    assert said["echoes"] == ["room", "text"]
    assert said["sender"] == "by"
    assert said["payload"]["required"] == ["by", "room", "text"]
    assert found["say"]["client_to_server"]["examples"]["invalid"] == []


def everyone(*, but_sender: bool) -> str:
    lines = [f"@0 {one} opened s-{one}" for one in ("ann", "bob", "eve")]
    for n in range(4):
        lines.append(f'@{n + 1} ann -> say "some text {n}"')
        lines += [f'@{n + 1}.1 {one} <- said "some text {n}"' for one in ("ann", "bob", "eve")[but_sender:]]
    return "\n".join(lines)


@pytest.mark.parametrize(("but_sender", "receivers"), [(False, "everyone"), (True, "everyone-but-sender")])
def test_who_is_connected_hears_what_goes_to_everyone(but_sender: bool, receivers: str) -> None:
    said = events_of(inferred_of(everyone(but_sender=but_sender)))["said"]["server_to_client"]
    assert said["receivers"] == receivers
    assert said["args"] == [{"title": "arg1", "type": "string", "minLength": 1}]
    assert said["echoes"] == ["arg1"]
    assert "volatile" not in said


def test_a_recording_of_one_socket_does_not_tell_who_receives() -> None:
    made = inferred_of('@0 ann opened s1\n@1 ann -> say "some text"\n@1.1 ann <- said "some text"')
    said = events_of(made)["said"]["server_to_client"]
    assert (said["receivers"], said["volatile"]) == ("everyone", True)
    assert any(note.startswith("said: who receives it cannot be told") for note in made.notes)


def test_what_answers_the_requester_alone_is_a_reply() -> None:
    lines = ["@0 ann opened s1", "@0 bob opened s2"]
    for n in range(3):
        lines += [f'@{n + 1} ann -> list {{"page": "page {n}"}}', f'@{n + 1}.1 ann <- listed {{"page": "page {n}"}}']
    found = events_of(inferred_of("\n".join(lines)))
    assert found["list"]["client_to_server"]["reply"]["event"] == "listed"
    assert "listed" not in found


def test_errors_answer_bad_requests_which_are_no_samples() -> None:
    lines = ["@0 ann opened s1", "@0 bob opened s2"]
    for n in range(4):
        lines += [f'@{n + 1} ann -> say {{"text": "some text {n}"}}']
        lines += [f'@{n + 1}.1 {one} <- said {{"text": "some text {n}"}}' for one in ("ann", "bob")]
    lines += ['@6 ann -> say {"text": 7}', '@6.1 ann <- problem {"why": "no text"}']
    made = inferred_of("\n".join(lines))
    assert made.documents["bundle"]["errors"] == "problem"
    assert events_of(made)["problem"]["server_to_client"]["caused_by"] == {"bad_request": True}
    assert events_of(made)["say"]["client_to_server"]["payload"]["properties"]["text"]["type"] == "string"
    assert made.counts["say"]["client_to_server"]["refused"] == 1


def test_acks_that_refuse_are_told_from_good_ones() -> None:
    lines = ["@0 ann opened s1"]
    for n in range(4):
        lines += [
            f'@{n + 1} ann -> buy {{"item": "item {n}"}} #{n}',
            f'@{n + 1}.1 ann <= buy #{n} {{"ok": true, "id": {n}}}',
        ]
    lines += ['@6 ann -> buy {"item": null} #9', '@6.1 ann <= buy #9 {"ok": false}']
    reply = events_of(inferred_of("\n".join(lines)))["buy"]["client_to_server"]["reply"]
    assert reply["refused"] == {"at": "/0/ok", "const": False}
    assert reply["payload"]["required"] == ["id", "ok"]


def test_an_event_without_a_cause_says_so_and_accuses_nobody() -> None:
    lines = ["@0 ann opened s1", "@0 bob opened s2"]
    lines += [f"@{n} {one} <- tick {n}" for n in range(5, 9) for one in ("ann", "bob")]
    tick = events_of(inferred_of("\n".join(lines)))["tick"]["server_to_client"]
    assert tick["caused_by"] == {"other": "to be written: nothing was seen to cause it"}
    assert tick["receivers"] == "everyone"


def test_a_schedule_is_not_taken_for_the_effect_of_a_request() -> None:
    lines = ["@0 ann opened s1", "@0 bob opened s2"]
    for n in range(20):
        lines += [f'@{n + 1} ann -> say "some text {n}"']
        lines += [f'@{n + 1}.1 {one} <- said "some text {n}"' for one in ("ann", "bob")]
        lines += [f"@{n + 1}.2 {one} <- tick" for one in ("ann", "bob") if n % 4 == 0]
    found = events_of(inferred_of("\n".join(lines)))
    assert found["say"]["client_to_server"]["effect"] == {"broadcast": "said"}
    assert "other" in found["tick"]["server_to_client"]["caused_by"]


def test_what_nothing_comes_of_is_left_out_and_told() -> None:
    made = inferred_of('@0 ann opened s1\n@1 ann -> track {"a": 1}\n@2 ann <- hello "you"')
    assert list(events_of(made)) == ["hello"]
    assert any(note.startswith("track: emitted 1 times, and nothing was seen to come of it") for note in made.notes)


def test_an_address_in_the_request_names_the_receiver() -> None:
    lines = [f"@0 {one} opened sock-{one} user=u-{one}" for one in ("ann", "bob", "eve")]
    for n, one in enumerate(("bob", "eve", "bob", "eve")):
        lines += [f'@{n + 1} ann -> whisper {{"to": "sock-{one}", "text": "some text {n}"}}']
        lines += [f'@{n + 1}.1 {one} <- whispered {{"text": "some text {n}"}}']
    found = events_of(inferred_of("\n".join(lines)))
    assert found["whispered"]["server_to_client"]["receivers"] == {"socket": "/to"}


def test_types_that_do_not_go_together_and_numbers_of_arguments_are_told() -> None:
    made = inferred_of('@0 ann opened s1\n@1 ann <- a {"b": 1}\n@2 ann <- a {"b": "x"}\n@3 ann <- c 1\n@4 ann <- c 1 2')
    assert "a: b has types that do not go together: number (1 times) and string (1 times)" in made.notes
    assert "c: came with different numbers of arguments: 1 (1 times), 2 (1 times)" in made.notes


def test_a_cover_of_secrets_is_in_no_example() -> None:
    made = inferred_of('@0 ann opened s1\n@1 ann <- a {"token": "(secret)"}\n@2 ann <- b {"x": 1}')
    assert "examples" not in events_of(made)["a"]["server_to_client"]
    assert events_of(made)["b"]["server_to_client"]["examples"] == {"valid": [{"x": 1}]}


def test_runs_add_up() -> None:
    one = '@0 ann opened s1\n@1 ann <- a {"x": 1}'
    other = '@0 ann opened s1\n@1 ann <- a {"x": 1, "y": "z"}'
    made = events_of(inferred_of(one, other))["a"]["server_to_client"]["payload"]
    assert made["required"] == ["x"]
    assert list(made["properties"]) == ["x", "y"]


def test_whoever_is_alone_in_a_room_is_not_taken_for_the_requester() -> None:
    lines = ["@0 ann opened s1", "@0 bob opened s2"]
    for n in range(4):
        lines += [f'@{n + 1} ann -> ride {{"line": "line-{n}"}}']
        lines += [f'@{n + 1}.2 ann -> call {{"line": "line-{n}", "text": "some text {n}"}}']
        lines += [f'@{n + 1}.3 ann <- called {{"line": "line-{n}", "text": "some text {n}"}}']
    found = events_of(inferred_of("\n".join(lines)))
    assert "reply" not in found["call"]["client_to_server"]
    assert found["called"]["server_to_client"]["volatile"] is True


def test_ids_that_come_out_are_no_texts_that_a_check_may_change() -> None:
    lines = [f"@0 {one} opened s-{one}" for one in ("ann", "bob")]
    for n in range(6):
        said = f'{{"item": "item-{n}", "text": "some text {n}"}}'
        lines += [f"@{n + 1} ann -> buy {said}", *(f"@{n + 1}.1 {one} <- bought {said}" for one in ("ann", "bob"))]
    bought = events_of(inferred_of("\n".join(lines)))["bought"]["server_to_client"]
    assert bought["echoes"] == ["text"]


def quick(*, asked: bool) -> str:
    """Six sockets enter a room just before they close; two are answered, because they asked to leave or unasked."""
    names = ("ann", "bob", "eve", "dan", "fay", "gus")
    lines = [f"@0 {one} opened s-{one} user=u-{one}" for one in names]
    lines += [f'@0.0{n} {one} -> enter {{"game": 410{n}}}' for n, one in enumerate(names, 1)]
    for n, one in enumerate(names[4:], 5):
        lines += [f'@0.07{2 * n} {one} -> quit {{"game": 410{n}}}'] if asked else []
        lines.append(f'@0.07{2 * n + 1} {one} <- enter-left {{"game": 410{n}}}')
    return "\n".join([*lines, *(f"@0.08 {one} closed us" for one in names)])


def test_an_answer_is_that_of_the_last_request_before_it_and_not_of_the_one_with_the_likest_name() -> None:
    found = events_of(inferred_of(quick(asked=True)))
    assert found["quit"]["client_to_server"]["effect"] == {"broadcast": "enter-left"}
    assert found["enter"]["client_to_server"]["effect"] == {"membership": "enter"}
    assert "reply" not in found["enter"]["client_to_server"]


def test_a_request_without_an_answer_for_longer_than_others_took_is_not_always_answered() -> None:
    assert "enter" not in events_of(inferred_of(quick(asked=False)))


def test_what_was_recorded_in_another_namespace_is_of_that_namespace() -> None:
    recorded = msgspec.structs.replace(recording(rooms()), namespace="/games")
    made = inferred(seen_in([recorded]), Naming(name="b", source="a recording"))
    assert made.documents["bundle"]["namespace"] == "/games"
    assert all("namespace" not in one for one in events_of(made).values())
    plain = inferred(seen_in([recording(rooms()), recorded]), Naming(name="b", source="a recording", namespace="/"))
    assert sorted(events_of(plain)["said"]["namespace"]) == ["/", "/games"]


def test_a_request_of_which_no_value_can_be_made_has_its_recorded_one_for_an_example() -> None:
    pixels = [7] * 1000
    lines = ["@0 ann opened s-ann user=u-ann"]
    lines += [f"@{n} ann -> draw {pixels} #{n}\n@{n}.1 ann <= draw #{n} {{}}" for n in range(1, 7)]
    draw = events_of(inferred_of("\n".join(lines)))["draw"]["client_to_server"]
    assert not valid_values(draw["args"][0], 1)
    assert draw["examples"]["valid"] == [[pixels]]


def test_a_number_of_hundreds_of_digits_tells_messages_apart_as_any_large_one_does() -> None:
    assert telling({"a": 10**400, "b": 1, "c": 0.5, "d": "x"}) == {10**400, 0.5}
