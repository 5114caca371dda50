"""What a check plays: the acts that the selected rules need, for each part of the contracts."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace

from conformance.judge.rule import Rule
from conformance.judge.selection import Selection
from conformance.model.act import Act, Transport
from conformance.plan.connecting import by_connecting, in_namespace
from conformance.plan.fence import fenced
from conformance.plan.promises import SOUNDINGS
from conformance.plan.stimulus import Planner, Setting
from conformance.plan.unrepeated import unrepeated
from contracts.model import Bundle
from contracts.parts import parts_of

PART_LETTERS = "abcdefghijklmnopqrstuvwxyz"
"""What is put behind the nonce of a round, so that ids of one part are never those of another."""


SPREADS = 2
"""Ways in which each act is played with several nodes: whoever shares a node in one does not in the other."""


def settings_of(setting: Setting) -> tuple[Setting, ...]:
    """A setting for each part of its contracts; itself alone where they have one."""
    parts = parts_of(setting.bundle)
    if len(parts) == 1:
        return (replace(setting, bundle=parts[0]),)
    return tuple(
        replace(
            setting,
            bundle=part,
            nonce=nonce_of(setting.nonce, number),
            round_number=setting.round_number * len(parts) + number,
            others=tuple(other for other in parts if other is not part),
        )
        for number, part in enumerate(parts)
    )


def nonce_of(nonce: str, number: int) -> str:
    """The nonce of a part, by its place among the parts."""
    high, low = divmod(number, len(PART_LETTERS))
    return nonce + PART_LETTERS[low] * (high + 1)


def planned(documented: Bundle, rules: Sequence[Rule], selection: Selection, settings: Sequence[Setting]) -> list[Act]:
    """The acts that the selected rules need, each once for each part.

    Args:
        documented: the contracts as documented, which say what rules are to be judged on.
    """
    known = {part.part: part for part in parts_of(documented)}
    return [
        act
        for setting in settings
        for act in _of_part(known.get(setting.bundle.part, documented), rules, selection, setting)
    ]


def _of_part(documented: Bundle, rules: Sequence[Rule], selection: Selection, setting: Setting) -> Iterator[Act]:
    wanted: dict[Planner, None] = {}
    for rule in rules:
        subjects = list(rule.subjects(documented))
        # What the subjects of a rule are, a target alone may know: nodes, for one.
        chosen = any(map(selection.subject, subjects)) or not (subjects or selection.subjects)
        if selection.rule(rule.id) and chosen:
            wanted.update(dict.fromkeys(rule.acts))
    if wanted:
        # Whichever rules are selected: what these acts show decides how the others are played.
        wanted = dict.fromkeys(SOUNDINGS) | wanted
    for planner in wanted:
        act = planner(setting)
        if act is not None:
            yield from ready(setting, act)


def ready(setting: Setting, act: Act) -> Iterator[Act]:
    """An act as it is played: with its fences, in its part of the contracts, by the documented way into rooms."""
    made = by_connecting(setting, unrepeated(setting, fenced(setting, act)))
    if made is not None and setting.has_ids_for(act.name):
        made = made if setting.namespace_id(act.name) is None else in_namespace(made, setting.namespace(act.name))
        yield replace(made, part=setting.bundle.part)


def turns(transports: Sequence[Transport], refused: Container[Transport], nodes: int) -> list[tuple[Transport, int]]:
    """The transport of each round, and how its actors are spread over nodes.

    With several nodes each act is played in two ways: whoever shares a node in one does not in the other.
    """
    playable = [transport for transport in transports if transport not in refused]
    return [(transport, spread) for transport in playable for spread in range(min(SPREADS, nodes))]
