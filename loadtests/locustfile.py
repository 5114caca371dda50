"""What `locust -f loadtests/locustfile.py --host URL` loads: every scenario of the folder `scenarios`.

Locust puts this file's folder first in the search path, so a file here hides any library of the same name.
"""

from __future__ import annotations

import os

from locust import events

from loadtests.locust_hooks import hooks, signals

# Locust takes the user classes that this file has as attributes. It must have no other name that a scenario may have.
globals().update(hooks.USERS)

# Locust forks its workers once it has read this file, and makes them look for their master before anything else.
os.register_at_fork(after_in_child=signals.ends_with_its_parent)
events.init_command_line_parser.add_listener(hooks.add_options)  # type: ignore[no-untyped-call]  # untyped in Locust
events.init.add_listener(hooks.begin)  # type: ignore[no-untyped-call]
