"""One lie a file: the reference service with one thing changed, found by folder."""
