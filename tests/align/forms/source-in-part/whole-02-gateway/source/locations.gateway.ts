import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import { Server, Socket } from 'socket.io';

@WebSocketGateway({ cors: true })
export class LocationsGateway {
  @WebSocketServer() private readonly server: Server;

  @SubscribeMessage('location:update')
  update(@MessageBody() body: unknown, @ConnectedSocket() client: Socket) {
    this.server.to(`sos:${body.sosId}`).emit('location:broadcast', body);
  }
}
