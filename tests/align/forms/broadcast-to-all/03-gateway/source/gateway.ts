import { WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import { Server } from 'socket.io';

@WebSocketGateway()
export class Gateway {
  @WebSocketServer()
  server: Server;

  stored(message: Message) {
    this.server.emit(⟦rcv|'message:broadcast'⟧, message);
  }

  moved(p: Moved) {
    this.server.in(`sos:${p.sosId}`).emit('location:broadcast', p);
  }
}
