"""The types that all parts share: acts, transcripts, verdicts, payloads, exit codes."""
