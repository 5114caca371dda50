"""What `roomcheck load --help` prints: what a first run needs, in one screen. `--help-all` has every option."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

MIXED = "Mixed"
"""The scenario that is several of the others."""

HELP = """\
Usage: roomcheck load [URL] [SCENARIO ...] [OPTIONS]

Load a Socket.IO service with many sockets in many rooms, and account for every
delivery. Without a URL or --target the embedded service is loaded.

  roomcheck load                              {sockets} sockets for {run_time}
  roomcheck load http://127.0.0.1:4001 Chat -u 50 -t 2m
  roomcheck load --target staging --dry-run   what would be played

The service
  URL, --target NAME    its address, or a target of the settings
  --contracts DIR       what is played and checked [the target's, or sos]
  --token, --jwt-key    a token for every user, or the key that signs them

The load
  SCENARIO              {scenarios}
  --scenario FILE.py    a scenario of your own; -f FILE.py for users of your own
  -u USERS              users of Locust [{users}]
  --sockets-per-user N  sockets of each of them [{sockets_per_user}]
  -r RATE               users that come in a second [all of them]
  -t TIME               how long they stay, such as 30s, 5m or 1h [{run_time}]
  --ramp 50:1m,0:30s    users over time, in place of -u, -r and -t
  --room-size N         members of a room: 50, 2-20, 5:80,50:20 by weight [10]
  --processes N         worker processes; -1 for one on each core

The result
  --gate 'delivery: p(99)<500'   a threshold to keep; may be repeated
  --report html=load.html        a report, rendered at the end
  --journal load.ndjson          a record, for `roomcheck report` and `judge`
  --dry-run                      print the plan and its needs; connect nothing
  --autostart                    show it in Locust's web UI, on port 8089

Every other option, and those of each scenario with their defaults: --help-all.
Exit codes: 0 holds, 1 broken, 2 usage, 3 unreachable, 4 cannot tell,
5 internal error, 130 interrupted.
"""

COLUMN, WIDTH = 24, 80


def short(scenarios: Iterable[str], usual: Mapping[str, str]) -> str:
    """The text.

    Args:
        scenarios: the names of all.
        usual: the defaults of `roomcheck load`, by option.
    """
    sockets = int(usual["users"]) * int(usual["sockets_per_user"])
    return HELP.format(scenarios=_listed(scenarios), sockets=sockets, **usual)


def _listed(scenarios: Iterable[str]) -> str:
    """The names, in lines that begin where the first one does."""
    others = sorted(set(scenarios) - {MIXED})
    last = f"or {MIXED}, which is several of them [{MIXED}]"
    words = [*(f"{name}," for name in others[:-1]), *others[-1:], *last.split()]
    lines, line = [], ""
    for word in words:
        if len(line) + len(word) + 1 > WIDTH - COLUMN:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    return ("\n" + " " * COLUMN).join([*lines, line])
