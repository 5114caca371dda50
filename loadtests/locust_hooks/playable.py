"""The scenarios that can be played: those of Roomcheck, and the one whose file `--scenario` names."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from locust.argument_parser import get_empty_argument_parser

from conformance.support import streams
from conformance.support.errors import UsageError
from loadtests.locust_hooks.cohort import Cohort
from loadtests.scenarios import scenarios
from loadtests.verdict.verdict import USAGE
from loadtests.workload.own_scenario import is_file, load
from loadtests.workload.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Playable:
    """All scenarios of this process."""

    scenarios: Mapping[str, type[Scenario]]
    users: Mapping[str, type[Cohort]]
    """Locust's user class of each."""
    files: Mapping[str, str]
    """The name of the scenario of a file, by its path as it was given."""

    @classmethod
    def found(cls) -> Playable:
        """Those there are; one that cannot be read ends the process with one message.

        Locust lets options be added before they are parsed, and a scenario has options: its file is looked for first.
        """
        parser = get_empty_argument_parser(add_help=False)
        parser.add_argument("--scenario", default="", env_var="LOCUST_SCENARIO")
        given = parser.parse_known_args()[0].scenario or ""
        every, files = scenarios(), dict[str, str]()
        if is_file(given):
            try:
                name, kind = load(given)
                if name in every:
                    raise UsageError(
                        f"--scenario: {given}: {name} is a scenario of Roomcheck; give the file another name"
                    )
            except UsageError as error:
                streams.complain(error)
                sys.exit(USAGE)
            files[given], every = name, every | {name: kind}
        # Locust counts users by the names of their classes.
        users = {name: type(name, (Cohort,), {"scenario": name}) for name in every}
        return cls(scenarios=every, users=users, files=files)

    def chosen(self, given: str) -> str:
        """The name of a scenario that was chosen by its name or its file.

        Raises:
            UsageError: this process has not read that file.
        """
        name = self.files.get(given, given)
        if name not in self.scenarios:
            raise UsageError(
                f"--scenario: this worker was started without --scenario {given}, which each worker has to have"
            )
        return name
