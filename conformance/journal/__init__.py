"""The records of a run and the file that holds them."""
