"""The documented contract of a Socket.IO service, as data: events, HTTP calls, room, retired names."""

# Part of the distribution roomcheck.
