"""What observers are, and how those of a target are started and asked; the observers are in `stage/observers`."""
