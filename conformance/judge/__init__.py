"""From transcripts to verdicts: rules, selection, known failures. Pure: no clock, no I/O."""
