"""Inference of contracts from what was seen."""
