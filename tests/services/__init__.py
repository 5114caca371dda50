"""Small services in common styles, each on the official Socket.IO server and on python-socketio, honest or lying."""
