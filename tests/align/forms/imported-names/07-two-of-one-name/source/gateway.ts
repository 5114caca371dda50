import { CLOSED } from './socket-names';
import { LEFT } from './bus';

io.on('connection', (socket) => {
  socket.on(CLOSED, ({ sosId }) => socket.leave(`sos:${sosId}`));
});
