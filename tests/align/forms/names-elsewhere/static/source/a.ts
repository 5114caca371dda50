import { Server } from 'socket.io';
export class SocketEvents {
  static readonly JOIN = 'sos:room:join';
  static readonly LEFT = '⟦ev|participant:left:brodcast⟧';
  static STATUS = 'sos:status:update';
}
socket.on(SocketEvents.JOIN, join);
io.to(room).emit(⟦ev|SocketEvents.LEFT⟧, left);
