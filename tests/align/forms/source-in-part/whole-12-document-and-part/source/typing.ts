export const typing = (socket) => {
  socket.on('message:typing:start', (body) => socket.to(`sos:${body.sosId}`).emit('message:typing:start', body));
  socket.on('message:typing:stop', (body) => socket.to(`sos:${body.sosId}`).emit('message:typing:stop', body));
};
