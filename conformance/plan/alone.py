"""Acts in which a service may do what is a fault elsewhere: only the rules that ask for them judge them."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.plan.impersonation import IMPERSONATION, impersonation
from conformance.plan.limits import LARGEST, RATES, largest, rates
from conformance.plan.naming import NAMING, naming
from conformance.plan.oddities import ODDITIES, UNPLAYED, oddities, unplayed
from conformance.plan.recovery import RECOVERY, recovery
from conformance.plan.stimulus import Planner

ALONE: Mapping[str, Planner] = {
    RECOVERY: recovery,
    RATES: rates,
    LARGEST: largest,
    ODDITIES: oddities,
    UNPLAYED: unplayed,
    IMPERSONATION: impersonation,
    NAMING: naming,
}
"""By the act's name."""
