const { Server } = require('socket.io');
const { LEAVE, MESSAGE: TOLD } = require('./events');
const io = new Server();

io.on('connection', (socket) => {
  socket.on(⟦ev|LEAVE⟧, ({ sosId }) => socket.leave(`sos:${sosId}`));
});
exports.tell = (sosId, stored) => io.to(`sos:${sosId}`).emit(TOLD, stored);
