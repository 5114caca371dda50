import { Server } from 'socket.io';

export function start(io: Server) {
  io.on('connection', (socket) => {
    socket.on('sos:room:join', ({ sosId }) => {
      socket.join(`sos:${sosId}`);
    });
    socket.on('location:update', (p) => {
      const room = io.to(`sos:${p.sosId}`);
      room.emit('location:broadcast', { ...p, userId: socket.data.id, timestamp: Date.now() });
    });
  });
}
