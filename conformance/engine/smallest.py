"""The fewest and smallest values with which something fails."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence

from conformance.plan.fuzzing import Forbidden


async def smallest(
    values: list[Forbidden],
    fails: Callable[[Sequence[Forbidden]], Awaitable[bool | None]],
    reductions: Callable[[Forbidden], Iterable[Forbidden]],
) -> list[Forbidden] | None:
    """The fewest and smallest values with which something fails that failed with all; None where it fails no more.

    Args:
        fails: whether it does with these values; None where no more may be tried.
        reductions: values that are smaller than one, the smallest first.
    """
    if not await fails(values):
        return None
    while len(values) > 1:
        half = len(values) // 2
        for part in (values[:half], values[half:]):
            if await fails(part):
                values = part
                break
        else:
            return values
    going = True
    while going:
        going = False
        for other in reductions(values[0]):
            failed = await fails([other])
            if failed is None:
                return values
            if failed:
                values, going = [other], True
                break
    return values
