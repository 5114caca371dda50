import { Server } from 'socket.io';
const statusOf = (sosId: string, status: string) => ({ sosId, status, ⟦fld|timestmp: Date.now()⟧ });
function left(sosId: string, userId: string) {
  return { sosId, userId, leftAt: new Date().toISOString() };
}
io.to(`sos:${id}`).emit('sos:status:broadcast', statusOf(id, 'active'));
io.to(`sos:${id}`).emit('participant:left:broadcast', left(id, u));
