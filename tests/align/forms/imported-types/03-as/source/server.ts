import { Server } from 'socket.io';
import { Typing } from './wire';

export function tell(io: Server, sosId: string, data: unknown) {
  io.to(`sos:${sosId}`).emit(⟦fld|'message:typing:stop'⟧, data as Typing);
}
