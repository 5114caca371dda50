"""Servers that each misbehave at one step, and what a check says of them."""
