"""Helpers that know nothing of Socket.IO: errors, suggestions, discovery of files, templates, the event loop."""
