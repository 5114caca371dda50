"""Fuzzing of the parsers of Roomcheck: what it reads from a person, a file, or the network."""
