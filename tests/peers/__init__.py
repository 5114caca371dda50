"""Services that tests check: written for the tests, from the contracts alone."""
