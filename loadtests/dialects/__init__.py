"""How the events of a bundle are published and recognised."""
