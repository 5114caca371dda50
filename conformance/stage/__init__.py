"""Performs acts on a running service and writes down what every actor sent and saw."""
