import { Server } from 'socket.io';
import { JOINED as ARRIVED, LEFT, TYPING_START } from './names';

export function tell(io: Server, sosId: string, userId: string) {
  io.to(`sos:${sosId}`).emit(ARRIVED, { sosId, userId, ⟦val|userType: 'RESCUER'⟧, displayName: '' });
  io.to(`sos:${sosId}`).emit(⟦ev|LEFT⟧, { sosId, userId });
}

export function handle(socket: Socket) {
  socket.on(⟦ev|TYPING_START⟧, (body) => undefined);
}
