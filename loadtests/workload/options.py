"""The options that Roomcheck adds to Locust's, in Locust's own way: flags, `LOCUST_*` variables, its settings file."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.support.errors import UsageError
from loadtests.workload.option import Option, above_zero, gate_text
from loadtests.workload.own_scenario import is_file
from loadtests.workload.ramp import ramp_text
from loadtests.workload.rooms import sizes
from loadtests.workload.scenario import Scenario

if TYPE_CHECKING:
    from locust.argument_parser import LocustArgumentParser

MIXED = "Mixed"
"""The scenario of a run that names none."""


def add(parser: LocustArgumentParser, scenarios: Mapping[str, type[Scenario]]) -> None:
    """Add every option, those of the scenarios with their defaults."""
    group = parser.add_argument_group("Roomcheck", "What is loaded, and how deliveries are counted.")
    group.add_argument(
        "--scenario", type=partial(_scenario, sorted(scenarios)), default=None, env_var="LOCUST_SCENARIO",
        help=f"Run only this scenario, as naming its class does: {', '.join(sorted(scenarios))}, or a Python file with "
        f"one of your own; {MIXED} by default.",
    )  # fmt: skip
    for option in COMMON:
        _one(group, option)
    for name, scenario in scenarios.items():
        described = parser.add_argument_group(
            f"Roomcheck: {name}", next(iter((scenario.__doc__ or "").splitlines()), "")
        )
        for option in scenario.options:
            _one(described, option)


def _scenario(known: Sequence[str], name: str) -> str:
    """Check the name of a scenario, or its file: which was read before there were options."""
    if not is_file(name) and name not in known:
        raise argparse.ArgumentTypeError(f"invalid choice: {name!r}: expected {', '.join(known)}, or a Python file")
    return name


INTRODUCTION = """roomcheck load [URL] [SCENARIO ...] [OPTIONS]

Load a service with many sockets in many rooms, and account for every delivery. Without a URL, --host or --target the
embedded service is loaded for 20 s. `roomcheck load --help` shows what a first run needs.

The options below are Roomcheck's. Every option of Locust works, too: -u USERS, -r USERS_A_SECOND, -t TIME, --headless,
--processes, --master, --worker, --csv, --html, --json ... (`locust --help` lists them). All of these are options of
`locust -f loadtests/locustfile.py` as well. Each can stand in a variable (--room-size as LOCUST_ROOM_SIZE); tokens and
keys can only stand there, as ROOMCHECK_TOKEN and ROOMCHECK_JWT_KEY, or be given to `roomcheck load` as --token and
--jwt-key.
"""


def show(scenarios: Mapping[str, type[Scenario]]) -> None:
    """Print the help of every option of ours."""
    # Locust patches other modules where it is imported, which only its own process is to have done.
    from locust.argument_parser import LocustArgumentParser

    parser = LocustArgumentParser(
        add_help=False, usage=INTRODUCTION, add_env_var_help=False, add_config_file_help=False
    )  # fmt: skip
    add(parser, scenarios)
    print(parser.format_help().removeprefix("usage: "), flush=True)


def checked(given: Any, scenarios: Mapping[str, type[Scenario]]) -> None:
    """Refuse what the web UI lets people type that no option takes, and what does not go together.

    Raises:
        UsageError: says which option, and what was expected.
    """
    for option in _every(scenarios):
        value = getattr(given, option.key, None)
        if option.default is False or option.many or value is None:
            continue
        try:
            setattr(given, option.key, _reader(option)(str(value)))
        except (argparse.ArgumentTypeError, ValueError) as error:
            raise UsageError(f"--{option.name}: {error}") from error
    if given.tags or given.exclude_tags:
        raise UsageError("--tags: scenarios have no tags; name one, or give --scenario NAME")


def names(scenarios: Mapping[str, type[Scenario]]) -> tuple[str, ...]:
    """The attributes that every option of ours has in the parsed ones."""
    return tuple(option.key for option in _every(scenarios))


def _every(scenarios: Mapping[str, type[Scenario]]) -> Iterable[Option]:
    return (*COMMON, *(option for scenario in scenarios.values() for option in scenario.options))


def _reader(option: Option) -> Callable[[str], Any]:
    """What reads an option's text: its own kind, or that of its default's type."""
    kinds: dict[type, Callable[[str], Any]] = {float: above_zero, int: whole}
    return option.kind or kinds.get(type(option.default), str)


def _one(group: Any, option: Option) -> None:
    variable = f"LOCUST_{option.key.upper()}"
    if option.default is False:
        group.add_argument(f"--{option.name}", action="store_true", default=False, env_var=variable, help=option.help)
        return
    if option.many:
        group.add_argument(f"--{option.name}", action="append", type=option.kind, env_var=variable, help=option.help)
        return
    shown = "" if option.default in (None, "") else f" Default: {option.default}."
    group.add_argument(
        f"--{option.name}", type=_reader(option), default=option.default, env_var=variable,
        help=f"{option.help}{shown}", **({"choices": option.choices} if option.choices else {}),
    )  # fmt: skip


def whole(text: str) -> int:
    """Read a whole number above zero."""
    if not text.strip().isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number above 0, got {text!r}")
    return int(text)


def named(text: str) -> str:
    """Check the name of a run, which becomes a part of rooms and paths."""
    if text and not re.fullmatch(r"[A-Za-z0-9._~-]{1,64}", text):
        raise argparse.ArgumentTypeError(f"expected up to 64 letters, digits and ._~-, got {text!r}")
    return text


def zero_or_more(text: str) -> float:
    """Read a number that may be 0."""
    try:
        return 0.0 if float(text) == 0 else above_zero(text)
    except ValueError:
        return above_zero(text)


def sizes_text(text: str) -> str:
    """Check sizes of rooms."""
    import random

    try:
        sizes(text, random.Random())  # noqa: S311 - nothing is drawn
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


COMMON: Iterable[Option] = (
    Option(name="sockets-per-user", default=1, kind=whole, help="Sockets of one Locust user."),
    Option(
        name="room-size", default="10", kind=sizes_text,
        help="Members of a room: a number, a range, or some of them by weight (5:80,50:15,1000:5).",
    ),
    Option(
        name="start-after", default=1.0,
        help="Seconds from a room's first member to its first publication, for the others to join.",
    ),
    Option(
        name="shared-rooms", default=False,
        help="Rooms have members of every worker, --room-size of each; without it, of one worker.",
    ),
    Option(
        name="ramp", default="", kind=ramp_text,
        help="Users over time, in place of -u, -r and -t: 10:30s,100:1m,100:5m,0:30s rises to 10 within 30 s, then on.",
    ),
    Option(name="load-seed", default=0, kind=int, help="Seed of the rooms, members and schedule."),
    Option(name="run-id", default="", kind=named, help="Start of room ids, after `load-`. Default: random."),
    Option(
        name="transport", default="websocket", choices=("websocket", "upgrade"),
        help="How sockets connect; `upgrade` begins by polling, as browsers do.",
    ),
    Option(
        name="late-after", default=0.0, kind=zero_or_more,
        help="Seconds after which every delivery is late; 0 for what the contract of each event says.",
    ),
    Option(name="lost-after", default=5.0, help="Seconds after which a delivery that has not come is lost."),
    Option(
        name="contracts", default="", kind=str,
        help="The contracts that are played and that deliveries are checked against. Default: the target's, or sos.",
    ),
    Option(
        name="part", default="", kind=str,
        help="Of contracts with several namespaces or kinds of rooms those that are played, by weight (/a=3,/b=1). "
        "Default: all that can be, in turn.",
    ),
    Option(
        name="publish", default="", kind=str,
        help="Event or call that messages are published by. Default: the first call, or else event with a text.",
    ),
    Option(
        name="gate", default=None, kind=gate_text, many=True,
        help="Threshold that the run must keep, such as 'delivery: p(99)<500' or 'lost==0; abort'; may be repeated.",
    ),
    Option(name="journal", default="", kind=str, help="Write a journal of the run, to render reports from."),
    Option(
        name="report", default=None, kind=str, many=True,
        help="FORMAT=PATH: also write a report, such as html=load.html; may be repeated.",
    ),
    Option(name="history", default="", kind=str, help="Add the run to this file (`roomcheck history`)."),
    Option(
        name="dry-run", default=False,
        help="Print what would be played and what it needs of the system, and connect nothing.",
    ),
    Option(name="live", default=False, help="Show the counts of deliveries in place of Locust's tables."),
    Option(name="target", default="", kind=str, help="Target named in the settings, which each worker reads."),
    Option(name="settings", default="", kind=str, help="Settings. Default: the nearest roomcheck.toml."),
)  # fmt: skip
