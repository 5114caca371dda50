"""Sockets, HTTP, codec and timer under the virtual clients."""
