"""Contracts to acts, without I/O: each planner is a function from a setting to one act.

Rules name the planners that they need; acts of the same name are played once.
"""
