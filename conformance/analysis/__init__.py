"""From a transcript to memberships, causes and deliveries. Pure: no clock, no I/O."""
