"""What is loaded: scenarios as a kind, their options, rooms and ramps."""
