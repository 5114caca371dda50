"""Whether load speaks the contracts that were asked for."""

from __future__ import annotations

from conformance.support.errors import UsageError
from contracts.model import Bundle
from loadtests.dialects.sos import Dialect


def words_of(bundle: Bundle) -> Dialect:
    """The words of a bundle.

    Raises:
        UsageError: load does not speak it.
    """
    try:
        return Dialect.of(bundle)
    except ValueError as error:
        raise UsageError(f"--contracts: {error}") from error
