"""What `locust -f loadtests/locustfile.py --host URL` loads: every scenario of the folder `scenarios`.

Locust puts this file's folder first in the search path, so a file here hides any library of the same name.
"""

from __future__ import annotations

from loadtests.locust_hooks import hooks

# Locust finds user classes, also those that are named on its command line, in `vars()` of the files that it has
# imported, and can be given them in no other way. They are read from the folder, so that a scenario is added in one
# place. No other name here may be that of a scenario.
globals().update(hooks.playable().users)
hooks.install()
