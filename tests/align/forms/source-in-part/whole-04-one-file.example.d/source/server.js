const { createServer } = require('http');
const { Server } = require('socket.io');

const http = createServer();
const io = new Server(http);

io.on('connection', (socket) => {
  socket.on('room:enter', ({ room }, ack) => {
    socket.join(`board:${room}`);
    ack({ room, entered: true });
  });
  socket.on('room:exit', ({ room }) => socket.leave(`board:${room}`));
  socket.on('cursor:move', ({ room, x }) => {
    socket.to(`board:${room}`).emit('cursor:moved', { room, x, user: socket.data.user });
  });
  socket.on('pen:take', ({ room, pen }) => {
    if (!pen) return socket.emit('problem', { code: 'NO_PEN' });
    io.to(`board:${room}`).emit('pen:taken', { room, pen });
  });
  socket.on('who', list);
});
http.listen(3000);
// whole: documented-event-is-in-source room:end
// whole: documented-event-is-in-source note:added
