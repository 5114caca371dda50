import { Socket } from 'socket.io';
import { Typing } from './wire';

export function tell(socket: Socket, sosId: string, data: unknown) {
  socket.to(`sos:${sosId}`).emit(⟦fld|'message:typing:stop'⟧, data as Typing);
}
