"""Load scenarios inside Locust."""
