'use strict';
const { Server } = require('socket.io');

class RealtimeService {
  constructor(httpServer, { redis, logger }) {
    this.io = new Server(httpServer);
    this.redis = redis;
    this.logger = logger;
    this.io.on('connection', (socket) => this.onConnection(socket));
    this.redis.on('message', (channel, raw) => this.onRedis(channel, raw));
    this.redis.subscribe('sos:events');
  }

  static roomName(sosId) {
    return `sos:${sosId}`;
  }

  onConnection(socket) {
    socket.on('sos:room:join', (p) => this.join(socket, p));
    socket.on('location:update', (p) => this.location(socket, p));
    socket.on('⟦dir|location:broadcast⟧', (p) => this.location(socket, p));
    socket.once('disconnect', () => this.logger.info('socket:gone'));
  }

  join(socket, { sosId }) {
    socket.join(RealtimeService.roomName(sosId));
    socket.emit('error', { code: 'X', message: 'x' });
  }

  location(socket, { sosId, latitude, longitude, accuracy }) {
    const data = { sosId, userId: socket.userId, latitude, longitude, accuracy, timestamp: Date.now() };
    this.io.to(RealtimeService.roomName(sosId)).emit('location:broadcast', data);
    this.io.to(⟦room|`sos#${sosId}`⟧).emit('location:broadcast', data);
  }
}
module.exports = RealtimeService;
