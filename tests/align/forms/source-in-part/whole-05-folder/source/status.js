module.exports = (io, socket) => {
  socket.on('sos:status:update', (body) => io.to(`sos:${body.sosId}`).emit('sos:status:broadcast', body));
};
