import { Server } from 'socket.io';
import { CloseDto as Close } from './dto/close.dto';

io.on('connection', (socket) => {
  socket.on('sos:close', (dto: Close) => close(dto));
});
