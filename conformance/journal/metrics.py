"""What a load times, under names that gates, journals and reports share."""

from __future__ import annotations

TRENDS = {
    "delivery": "from when a publication was due to each delivery",
    "delivery_in_ramp": "the same, of what was published while sockets still came",
    "first": "from the call to the first receiver",
    "spread": "from the first receiver to the last",
    "post": "from the call that publishes to its answer",
    "schedule_lag": "how late the generator was with its own schedule",
    "loop_lag": "how late the generator's event loop was",
    "rejoin": "from the end of a connection to being a member again",
}
"""What is timed, in ms."""
