"""Thresholds, conclusions and the verdict of a run. Pure: no clock, no I/O."""
