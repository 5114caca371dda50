import type { Server, Socket } from 'socket.io';

export function boards(io: Server, socket: Socket) {
  socket.on('room:enter', ({ room }) => socket.join(`board:${room}`));
  socket.on('room:exit', ({ room }) => socket.leave(`board:${room}`));
  socket.on('room:end', ({ room }) => io.in(`board:${room}`).socketsLeave(`board:${room}`));
  socket.on('who', who);
  socket.on('pen:take', ({ room, pen }) => io.to(`board:${room}`).emit('pen:taken', { room, pen }));
}
