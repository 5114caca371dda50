"""A reverse proxy that records what Socket.IO clients and a service send each other."""
