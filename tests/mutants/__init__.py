"""Mutants of the judging core: which small changes of its code its unit tests do not notice."""
