import type { Server, Socket } from 'socket.io';

export function chat(io: Server, socket: Socket) {
  socket.on('message:typing:start', ({ sosId, displayName }) => {
    socket.to(`sos:${sosId}`).emit('message:typing:start', { sosId, userId: socket.data.userId, displayName });
  });
  socket.on('message:typing:stop', ({ sosId }) => {
    socket.to(`sos:${sosId}`).emit('message:typing:stop', { sosId, userId: socket.data.userId });
  });
}
