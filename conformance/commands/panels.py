"""The help of the command line: commands in the order of use, in panels. Nothing heavy is imported."""

from __future__ import annotations

from typing import Any

import typer.core

PANELS = {
    "Check": ("check", "align", "load", "fuzz", "serve", "record"),
    "Set up": ("init", "doctor"),
    "Report": ("report", "history", "judge"),
    "Look up": ("contracts", "rules", "selftest"),
}
"""Commands in the order of use; one that is in no panel comes last."""


class Panels(typer.core.TyperGroup):
    """Lists the commands by panel; Typer's own panels would import rich, which takes three times as long.

    Context and formatter are those of the click that Typer brings along, whose types it does not export.
    """

    def list_commands(self, ctx: Any) -> list[str]:
        """The names in the order of the panels; those of no panel come last."""
        ordered = [name for names in PANELS.values() for name in names]
        return sorted(super().list_commands(ctx), key=lambda name: ordered.index(name) if name in ordered else 99)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the panels."""
        names = self.list_commands(ctx)
        limit = formatter.width - 6 - max(map(len, names))
        listed = {name for members in PANELS.values() for name in members}
        others = tuple(name for name in names if name not in listed)
        for title, members in (PANELS | ({"Other": others} if others else {})).items():
            commands = [(name, self.get_command(ctx, name)) for name in names if name in members]
            with formatter.section(title):
                formatter.write_dl([(name, found.get_short_help_str(limit)) for name, found in commands if found])
