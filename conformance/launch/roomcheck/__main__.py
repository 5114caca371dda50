"""`python -m roomcheck`."""

import sys

if not sys.flags.safe_path:
    del sys.path[0]  # The working directory: its modules are not to be imported in place of others.

from . import run

run()
