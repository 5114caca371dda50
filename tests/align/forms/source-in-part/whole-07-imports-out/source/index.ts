import { createServer } from 'http';
import { Server } from 'socket.io';
import type { Settings } from '../../settings';
import { registerChat } from '../../chat/handlers';

const http = createServer();
const io = new Server(http);
io.on('connection', (socket) => {
  registerChat(io, socket);
  socket.on('sos:room:join', ({ sosId }) => socket.join(`sos:${sosId}`));
});
http.listen(4001);
