import { WebSocketGateway, WebSocketServer, SubscribeMessage, MessageBody, ConnectedSocket, OnGatewayConnection } from '@nestjs/websockets';
import { Server, Socket } from 'socket.io';
import { SosEvents } from './events';

@WebSocketGateway({ cors: true })
export class SosGateway implements OnGatewayConnection {
  @WebSocketServer() server: Server;

  handleConnection(client: Socket) {
    client.emit('error', { code: 'X', message: 'no' });
  }

  @SubscribeMessage(SosEvents.Join)
  async join(@ConnectedSocket() client: Socket, @MessageBody() dto: JoinDto) {
    await client.join(`sos:${dto.sosId}`);
    client.to(roomOf(dto.sosId)).emit(SosEvents.Joined, { sosId: dto.sosId, userId: client.data.userId, userType: 'citizen', displayName: 'x' });
  }

  @SubscribeMessage('⟦ev|sos:room:quit⟧')
  leave() {
    return { event: 'participants:active:response', data: {} };
  }

  @SubscribeMessage('⟦dir|location:broadcast⟧')
  wrong() {}
}
