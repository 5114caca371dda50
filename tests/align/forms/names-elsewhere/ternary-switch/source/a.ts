import { Server } from 'socket.io';
io.to(`sos:${sosId}`).emit(done ? 'sos:status:broadcast' : '⟦ev|sos:status:brodcast⟧', payload);
switch (event) {
  case 'location:update':
    return update();
  case '⟦ret|message:send⟧':
    return send();
}
