"""Contracts made of what was seen: of a recorded run, of a running service, or of source code."""
