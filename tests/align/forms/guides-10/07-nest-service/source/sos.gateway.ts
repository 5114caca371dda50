import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import { Server, Socket } from 'socket.io';
import { EVENTS, REDIS, roomOf } from './events';

@WebSocketGateway({ cors: true })
export class SosGateway {
  @WebSocketServer() server: Server;

  constructor(private readonly redis: RedisService, private readonly logger: Logger, private readonly bus: EventEmitter2) {}

  handleConnection(client: Socket) {
    this.logger.log(`sos:connect ${client.id}`);
    client.emit('error', { code: 'WELCOME', message: 'none' });
  }

  @SubscribeMessage(EVENTS.JOIN)
  async join(@ConnectedSocket() client: Socket, @MessageBody() body: JoinDto) {
    await client.join(roomOf(body.sosId));
    await client.join(`dispatch:${body.sosId}`);
    await this.redis.sadd(REDIS.members(body.sosId), client.data.userId);
    client.to(roomOf(body.sosId)).emit(EVENTS.JOINED, {
      sosId: body.sosId,
      userId: client.data.userId,
      userType: client.data.userType,
      displayName: body.displayName,
    });
    this.bus.emit('sos:joined:internal', body);
    return { ok: true };
  }

  @SubscribeMessage(EVENTS.LOCATION)
  location(@ConnectedSocket() client: Socket, @MessageBody() body: LocationDto) {
    client.to(roomOf(body.sosId)).emit(⟦rcv|EVENTS.LOCATION_OUT⟧, {
      sosId: body.sosId,
      userId: client.data.userId,
      latitude: body.latitude,
      longitude: body.longitude,
      accuracy: body.accuracy,
      ⟦fld|timestmp: Date.now()⟧,
    });
  }

  @SubscribeMessage('sos:status:update')
  status(@MessageBody() body: StatusDto) {
    this.server.to(⟦room|`sos.${body.sosId}`⟧).emit('sos:status:broadcast', { sosId: body.sosId, status: body.status, timestamp: Date.now() });
  }

  @SubscribeMessage('⟦dir|location:broadcast⟧')
  wrong() {}

  @OnEvent('sos:joined:internal')
  onInternal() {}
}
