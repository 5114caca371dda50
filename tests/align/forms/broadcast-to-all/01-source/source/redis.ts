import { Server } from 'socket.io';

export function fan(io: Server, sub: Redis) {
  sub.subscribe('locations', (raw) => {
    const p = JSON.parse(raw);
    io.emit(⟦rcv|'location:broadcast'⟧, p);
    io.to(`sos:${p.sosId}`).emit('location:broadcast', p);
  });
  io.on('connection', (socket) => {
    socket.on('message:typing:start', (t) => io.sockets.emit(⟦rcv|'message:typing:start'⟧, { ...t, userId: socket.data.id }));
  });
}
