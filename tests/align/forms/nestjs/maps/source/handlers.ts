import { Server, Socket } from 'socket.io';
const handlers: Record<string, Handler> = {
  'sos:init': init,
  'sos:close': close,
  '⟦ev|sos:reopen⟧': reopen,
};
export const register = (socket: Socket) => Object.entries(handlers).forEach(([name, run]) => socket.on(name, run));
