import { WebSocketGateway, WebSocketServer, SubscribeMessage, MessageBody, ConnectedSocket } from '@nestjs/websockets';
import { Logger, UseGuards } from '@nestjs/common';
import { Server, Socket } from 'socket.io';

@WebSocketGateway({ namespace: '/', cors: { origin: '*' } })
@UseGuards(WsAuthGuard)
export class SosGateway {
  @WebSocketServer()
  private readonly server: Server;
  private readonly logger = new Logger('sos:gateway');

  private room(sosId: string): string {
    return `sos:${sosId}`;
  }

  @SubscribeMessage('location:update')
  async onLocation(@ConnectedSocket() client: Socket, @MessageBody() dto: LocationDto) {
    await this.cache.set(`sos:${dto.sosId}:last`, dto);
    const body = this.toBroadcast(client, dto);
    this.server.to(this.room(dto.sosId)).emit('location:broadcast', body);
  }

  private toBroadcast(client: Socket, dto: LocationDto) {
    return { sosId: dto.sosId, userId: client.data.userId, latitude: dto.latitude, longitude: dto.longitude, accuracy: dto.accuracy, ⟦fld|timestmp: Date.now()⟧ };
  }

  @SubscribeMessage('⟦ev|sos:status:patch⟧')
  onStatus(@MessageBody() dto: StatusDto) {
    this.eventEmitter.emit('sos:status:internal', dto);
    this.notifyRoom(dto.sosId, 'sos:status:broadcast', { sosId: dto.sosId, status: dto.status, timestamp: Date.now() });
  }

  notifyRoom(sosId: string, event: string, payload: object) {
    this.server.to(this.room(sosId)).emit(event, payload);
  }
}
