import { Server } from 'socket.io';

export function serve(io: Server) {
  io.on('connection', (socket) => {
    socket.on('message:typing:start', ({ sosId, displayName }) => {
      io.to(`sos:${sosId}`).emit(⟦rcv|'message:typing:start'⟧, { sosId, userId: socket.data.userId, displayName });
    });
    socket.on('message:typing:stop', ({ sosId }) => {
      socket.broadcast.to(`sos:${sosId}`).emit('message:typing:stop', { sosId, userId: socket.data.userId });
    });
    socket.on('location:update', (at) => {
      io.to(`sos:${at.sosId}`).except(socket.id).emit(⟦rcv|'location:broadcast'⟧, { ...at });
    });
    socket.on('sos:status:update', ({ sosId, status }) => {
      if (!sosId) return socket.emit('error', { code: 'X', message: 'sosId is required' });
      io.to(`sos:${sosId}`).emit('sos:status:broadcast', { sosId, status, timestamp: Date.now() });
    });
  });
}
