"""Where reports go: destinations and the history of runs."""
