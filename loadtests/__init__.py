"""Load scenarios inside Locust."""

# Part of the distribution roomcheck.
