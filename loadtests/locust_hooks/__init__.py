"""What Locust is given: user class, shape, web UI, signals."""
