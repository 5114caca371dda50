"""Coverage of contracts by recorded runs."""
