"""JSON as `JSON.parse` of JavaScript reads it: what only Python accepts is named."""

from __future__ import annotations

import json
from typing import Any

MOST_DIGITS = 4000
"""Of an integer: Python refuses to convert more than 4300, where JavaScript reads any number of them."""


def parsed(text: str | bytes) -> tuple[Any, str]:
    """The value of a JSON text, and what in it is no JSON, as in "NaN is no JSON"; empty where all of it is.

    Raises:
        ValueError: it is no JSON for Python either.
        RecursionError: it is nested too deeply to be read.
    """
    constants: list[str] = []
    value = json.loads(text, parse_constant=lambda name: _noted(constants, name), parse_int=_number)
    return value, told(constants)


def told(constants: list[str]) -> str:
    """What is wrong with a text that holds these constants."""
    return f"{constants[0]} is no JSON" if constants else ""


def decoder(constants: list[str]) -> json.JSONDecoder:
    """A decoder that adds each constant which is no JSON to the list."""
    return json.JSONDecoder(parse_constant=lambda name: _noted(constants, name))


def _noted(constants: list[str], name: str) -> float:
    constants.append(name)
    return float(name)


def _number(digits: str) -> int | float:
    return int(digits) if len(digits) <= MOST_DIGITS else float(digits)
