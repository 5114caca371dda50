"""`RoomcheckUser`, for locustfiles of one's own: `from loadtests.user import RoomcheckUser`.

Importing it adds Roomcheck's options to Locust's, and its ledger and verdict to the run.
"""

from __future__ import annotations

from loadtests.locust_hooks import hooks
from loadtests.locust_hooks.roomcheck_user import RoomcheckUser, Sent

__all__ = ["RoomcheckUser", "Sent"]

hooks.install()
