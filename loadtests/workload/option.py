"""An option of a scenario, and the readers of its values."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from loadtests.verdict.thresholds import gate


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A parameter of a scenario, shown in the help with its default."""

    name: str
    """As a flag, without its dashes."""
    default: Any
    help: str
    choices: tuple[str, ...] = ()
    many: bool = False
    """It may be given more than once."""
    kind: Callable[[str], Any] | None = None
    """Reads its text; that of its default's type where there is none."""

    @property
    def key(self) -> str:
        """As an attribute of the parsed options."""
        return self.name.replace("-", "_")


def gate_text(text: str) -> str:
    """Check the text of a gate, as an option's kind."""
    try:
        gate(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


def number_above(least: float, most: float = sys.float_info.max) -> Callable[[str], float]:
    """What reads a number above the least, and no larger than the most, as an option's kind."""
    wanted = f"a number above {least:g}" + (f" and up to {most:g}" if most < sys.float_info.max else "")

    def read(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = least
        if not least < number <= most:
            raise argparse.ArgumentTypeError(f"expected {wanted}, got {text!r}")
        return number

    return read


above_zero, percent = number_above(0), number_above(0, 100)
