"""What looks at the rooms of a service from outside: Redis and the Admin UI."""
