"""Programs that tests start take SIGINT, even if the tests themselves run in the background of a shell script.

A shell starts what it runs in the background with SIGINT ignored, and programs inherit that.
"""

import signal

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
