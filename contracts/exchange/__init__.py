"""Contracts in the formats of other tools: what is written for them, and what is read of theirs."""
