import express from 'express';
import { createServer } from 'http';
import { Server } from 'socket.io';
import { createAdapter } from '@socket.io/redis-adapter';
import { EVENTS, ROOM_PREFIX } from './constants';
import { messagesRouter } from './routes/messages';

const app = express();
const httpServer = createServer(app);
export const io = new Server(httpServer, { path: '/socket.io/' });
io.adapter(createAdapter(pubClient, subClient));

app.use('/api/messages', messagesRouter);
app.get('/health', (_req, res) => res.json({ ok: true }));
app.use('/api/sos', participantsRouter);

pubClient.on('error', (e) => logger.error('redis:error', e));
io.engine.on('connection_error', (e) => logger.warn('socket:refused', e));

io.on('connection', (socket) => {
  const { userId, role } = socket.data;
  logger.info(`socket:connected ${userId}`);

  socket.on(EVENTS.JOIN, async ({ sosId, userType, displayName }, ack) => {
    await socket.join(`${ROOM_PREFIX}${sosId}`);
    ack?.({ ok: true });
  });
  socket.on(EVENTS.TYPING_START, ({ sosId, displayName }) => {
    socket.to(`${ROOM_PREFIX}${sosId}`).emit(EVENTS.TYPING_START, { sosId, userId, displayName });
  });
  socket.on('location:update', async (data) => {
    const enriched = { ...data, userId, timestamp: Date.now() };
    io.to(`sos:${data.sosId}`).emit('location:broadcast', enriched);
  });
  socket.on('⟦ev|sos:status:set⟧', updateStatus);
  socket.on('disconnect', (reason) => logger.info('socket:disconnected', { reason }));
  socket.onAny((event) => metrics.increment(`socket:${event}`));
});

process.on('SIGTERM', () => io.close());
httpServer.on('error', fatal);
httpServer.listen(4001);
