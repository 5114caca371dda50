"""The tests. They install and start whatever they need, and talk to this machine alone."""
