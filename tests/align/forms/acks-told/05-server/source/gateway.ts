import { Server } from 'socket.io';
const io = new Server(3000);
io.on('connection', (socket) => {
  socket.on('participants:active:request', async ({ sosId }, ack) => {
    const people = await list(sosId);
    ack({ sosId, participants: people, ⟦fld|total: people.length⟧, timestamp: Date.now() });
  });
  socket.on('sos:status:update', ({ sosId, status }) => {
    io.to(`sos:${sosId}`).emit('sos:status:broadcast', { sosId, status, timestamp: ⟦val|new Date().toISOString()⟧ });
  });
  socket.on('message:typing:start', ({ sosId, displayName }) => {
    socket.to(`sos:${sosId}`).emit('message:typing:start', { sosId, ⟦fld|user: socket.data.userId⟧, displayName });
  });
});
