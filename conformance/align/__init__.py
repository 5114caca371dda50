"""Documents and source held against the contracts: readers make claims, rules judge them."""
