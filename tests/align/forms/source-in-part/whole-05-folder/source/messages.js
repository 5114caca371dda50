module.exports = (io) => (message) => io.to(`sos:${message.sosId}`).emit('message:broadcast', message);
