"""What `locust -f loadtests/locustfile.py --host URL` loads: every scenario of the folder `scenarios`.

Locust puts this file's folder first in the search path, so a file here hides any library of the same name.
"""

from __future__ import annotations

from loadtests.locust_hooks import hooks

# Locust takes the user classes that this file has as attributes. It must have no other name that a scenario may have.
globals().update(hooks.playable().users)
hooks.install()
