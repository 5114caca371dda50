"""What `locust -f loadtests/locustfile.py --host URL` loads: every scenario of the folder `scenarios`.

Locust puts this file's folder first in the search path, so a file here hides any library of the same name.
"""

from __future__ import annotations

import importlib
from typing import Any

from locust import events
from locust.argument_parser import LocustArgumentParser, positive_integer

from loadtests.scenarios import found


def add_options(parser: LocustArgumentParser) -> None:
    """What people choose besides Locust's own options."""
    parser.add_argument(
        "--rooms",
        type=positive_integer,
        default=10,
        env_var="LOCUST_ROOMS",
        help="How many rooms the users of each scenario share, in each worker process.",
    )


def scenarios() -> dict[str, Any]:
    """The user class of each scenario, under the name of its file."""
    classes: dict[str, Any] = {}
    for name, module in found().items():
        scenario = importlib.import_module(f"loadtests.scenarios.{module}").Scenario
        # Locust counts users by this name, and selects classes by the name that they have in this file.
        scenario.__name__ = scenario.__qualname__ = name
        classes[name] = scenario
    return classes


events.init_command_line_parser.add_listener(add_options)  # type: ignore[no-untyped-call]  # Locust leaves it untyped
globals().update(scenarios())
