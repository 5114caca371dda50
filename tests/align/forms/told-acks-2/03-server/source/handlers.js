const { Server } = require('socket.io');
const io = new Server(3000);

function onActive({ sosId }, callback) {
  const participants = listOf(sosId);
  callback({ sosId, participants, count: participants.length, ⟦fld|ts: Date.now()⟧ });
}

io.on('connection', (socket) => {
  socket.on('participants:active:request', onActive);
  socket.on('location:update', (fix) => {
    const out = { sosId: fix.sosId, userId: socket.data.userId, latitude: fix.latitude, longitude: fix.longitude, accuracy: fix.accuracy };
    out.timestamp = Date.now();
    io.to(`sos:${fix.sosId}`).emit('location:broadcast', out);
  });
  socket.on('sos:status:update', ({ sosId, status }) => {
    if (!STATUSES.includes(status)) return socket.emit('error', { code: ⟦val|400⟧, message: 'bad status' });
    io.to(`sos:${sosId}`).emit('sos:status:broadcast', { sosId, status, timestamp: Date.now() });
  });
});
const STATUSES = ['active', 'assigned', 'responding', 'en_route', 'arrived', 'resolved', 'completed', 'closed', ⟦val|'failed'⟧];
