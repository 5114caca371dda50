import * as E from './events';

io.on('connection', (socket) => {
  socket.on(⟦ev|E.CLOSE⟧, ({ sosId }) => socket.leave(`sos:${sosId}`));
  socket.on('sos:status:update', ({ sosId, status }) => {
    io.to(`sos:${sosId}`).emit(E.STATUS, { sosId, ⟦fld|state: status⟧, timestamp: Date.now() });
  });
});
