"""One file a format, found by its name; `DATA` says whether it is written as JSON or YAML."""
