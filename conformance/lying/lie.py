"""What a general lie is, and how the folder of them is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from conformance.lying.spots import Spot
from conformance.support.discovery import Page, pages
from contracts.model import Bundle


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneralLie:
    """One way to break a contract. Its file holds everything that belongs to it."""

    id: str
    """The file's name with dashes."""
    title: str
    """What is wrong, in one sentence: the first line of the file."""
    caught_by: tuple[str, ...]
    """The rules that are asked first. A lie that none of them notices is judged by all."""
    applies: Callable[[Bundle], Iterable[Spot]]
    """What of a bundle it is a lie about: what the contracts leave open is none."""
    advice: Callable[[Bundle, Spot], str]
    """What to write into the contracts where no clause notices it."""
    service: type[Any]
    """The server that tells it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A lie about one thing."""

    lie: GeneralLie
    spot: Spot

    def __str__(self) -> str:
        return f"{self.lie.id}: {self.spot}"


@cache
def general_lies() -> tuple[GeneralLie, ...]:
    """Every general lie, by name."""
    return tuple(_lie(page) for page in pages("conformance.lying.lies"))


def _lie(page: Page) -> GeneralLie:
    module = page.module
    return GeneralLie(
        id=page.id,
        title=page.title,
        caught_by=module.CAUGHT_BY,
        applies=module.applies,
        advice=module.advice,
        service=module.Lie,
    )


def told_of(bundle: Bundle) -> list[Told]:
    """Every lie about everything in a bundle that it can be told of."""
    return [Told(lie=lie, spot=spot) for lie in general_lies() for spot in dict.fromkeys(lie.applies(bundle))]
