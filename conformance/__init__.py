"""Checks a running Socket.IO service against contracts: plan, perform, judge, journal."""

# Part of the distribution roomcheck.
