"""Check, doctor and selftest: what puts plan, stage and judge together."""
