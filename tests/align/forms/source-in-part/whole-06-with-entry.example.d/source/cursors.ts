import type { Socket } from 'socket.io';

export const cursors = (socket: Socket) =>
  socket.on('cursor:move', ({ room, x }) => socket.to(`board:${room}`).emit('cursor:moved', { room, x, user: who(socket) }));
