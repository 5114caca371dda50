"""A service made of contracts: it keeps any bundle honestly, for front ends, and for lies to be told on top of it."""
