const { Server } = require('socket.io');
const sos = io.of('/sos');
sos.on('connection', (socket) => {
  socket.data.user = user;
  socket.on('sos:init', ({ sosId }) => socket.join(`sos:${sosId}`));
  sos.to(`sos:${socket.data.sosId}`).emit('sos:status:broadcast', status);
  sos.to(⟦room|`sos.${socket.data.sosId}`⟧).emit('sos:status:broadcast', status);
});
io.of('/sos').emit('⟦ev|sos:started⟧', 1);
