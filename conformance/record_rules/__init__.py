"""Rules that `roomcheck record` has besides those of a check: of clients, and of what was not played."""
