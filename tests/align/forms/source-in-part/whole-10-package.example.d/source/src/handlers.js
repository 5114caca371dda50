module.exports = function (io, socket) {
  socket.on('room:enter', ({ room }) => socket.join(`board:${room}`));
  socket.on('room:exit', ({ room }) => socket.leave(`board:${room}`));
  socket.on('room:end', ({ room }) => io.in(`board:${room}`).socketsLeave(`board:${room}`));
  socket.on('cursor:move', ({ room, x }) => socket.to(`board:${room}`).emit('cursor:moved', { room, x, user: 'u' }));
  socket.on('who', who);
  socket.on('pen:take', ({ room, pen }) => {
    if (!pen) return socket.emit('problem', { code: 'NO_PEN' });
    io.to(`board:${room}`).emit('pen:taken', { room, pen });
  });
};
// whole: documented-event-is-in-source note:added
