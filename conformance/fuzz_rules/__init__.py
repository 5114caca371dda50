"""The rules of `roomcheck fuzz` that a check has no acts for, one file each: found by looking."""
