import { Server, Socket } from 'socket.io';
import { logger } from './logger';

export class SocketService {
  private io!: Server;

  emitToRoom(sosId: string, event: string, payload: unknown) {
    const roomName = `sos:${sosId}`;
    this.io.to(roomName).emit(event, payload);
  }

  register(socket: Socket) {
    socket.on('sos:room:join', async (data: { sosId: string }) => {
      logger.info('sos:join requested', data);
      await socket.join(`sos:${data.sosId}`);
      this.emitToRoom(data.sosId, 'participant:joined:broadcast', { sosId: data.sosId, userId: socket.data.userId, userType: 'citizen', displayName: 'x' });
    });
    socket.on('location:update', (data) => {
      this.emitToRoom(data.sosId, '⟦ev|location:moved⟧', data);
      broadcastToRoom(this.io, `sos:${data.sosId}`, 'location:broadcast', { sosId: data.sosId, userId: 'u', latitude: 1, longitude: 2, accuracy: 3, ⟦fld|timestmp: 4⟧ });
    });
    redisPublisher.publish('sos:events', JSON.stringify({ a: 1 }));
    this.kafka.subscribe({ topic: 'sos:created' });
    process.on('SIGTERM', () => this.io.close());
  }
}
