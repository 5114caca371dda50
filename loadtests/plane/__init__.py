"""The sockets of a worker: one event loop in a native thread, in which nothing of gevent runs."""
