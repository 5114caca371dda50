"""Observers of rooms, one file each, found by looking into this folder."""
