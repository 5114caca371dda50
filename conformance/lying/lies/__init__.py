"""One general lie a file: the server of any bundle with one thing changed, found by folder."""
