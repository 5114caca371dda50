"""What a command shows, safe for a terminal: characters of files and services that would steer it are escaped."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderHook
from rich.segment import Segment

from conformance.support.printable import printable_lines


class Visible(RenderHook):
    """Makes all that a console prints safe for a terminal, whatever it is made of."""

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        """The same, each made safe once it is rendered."""
        return [_Safe(one) for one in renderables]


class _Safe:
    def __init__(self, shown: ConsoleRenderable) -> None:
        self._shown = shown

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        for segment in console.render(self._shown, options):
            text, style, control = segment
            yield segment if control or text.isprintable() else Segment(printable_lines(text), style)
