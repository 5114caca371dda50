"""The clients of a check: Socket.IO, HTTP, tokens, and the network under them."""
