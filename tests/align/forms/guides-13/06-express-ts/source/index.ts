import express from 'express';
import http from 'node:http';
import { Server, type Socket } from 'socket.io';
import { createAdapter } from '@socket.io/redis-adapter';
import type { JoinPayload, LocationPayload, StatusPayload } from './payloads';

const app = express();
const server = http.createServer(app);
export const io = new Server<ClientToServer, ServerToClient>(server, { path: '/socket.io/' });
io.adapter(createAdapter(pub, sub));

interface ClientToServer {
  'sos:room:join': (p: JoinPayload, ack?: (r: { ok: boolean }) => void) => void;
  'sos:room:leave': (p: { sosId: string }) => void;
  'location:update': (p: LocationPayload) => void;
  '⟦dir|sos:status:broadcast⟧': (p: StatusPayload) => void;
}
interface ServerToClient {
  'location:broadcast': (p: LocationPayload & { userId: string; timestamp: number }) => void;
  'sos:status:broadcast': (p: { sosId: string; status: string; timestamp: number }) => void;
  '⟦ev|participant:joined:broadcas⟧': (p: { sosId: string }) => void;
}

const toRoom = (sosId: string) => io.to(`sos:${sosId}`);

const handlers: Record<string, (this: Socket, p: any) => void> = {
  'sos:room:join'(p) { this.join(`sos:${p.sosId}`); },
  'sos:room:leave'(p) { this.leave(⟦room|`sos-${p.sosId}`⟧); },
  'location:update'(p) { toRoom(p.sosId).emit('location:broadcast', { ...p, userId: this.data.userId, timestamp: Date.now() }); },
};

io.on('connection', (socket) => {
  for (const [name, handler] of Object.entries(handlers)) socket.on(name, handler.bind(socket));
  socket.on('disconnect', (reason) => logger.info({ reason }, 'sos:socket:gone'));
  socket.use(([event], next) => (event.startsWith('sos:') ? next() : next()));
});

io.serverSideEmit('cache:flush');
app.get('/health', (_q, r) => r.json({ ok: true }));
app.post('/api/messages/:sosId', async (req, res) => {
  const message = await store(req.params.sosId, req.body);
  toRoom(req.params.sosId).emit('message:broadcast' as any, message);
  res.status(201).json({ success: true, data: message });
});
app.post(⟦call|'/api/sos/:sosId/participant/join'⟧, join);
app.get('/api/sos/:sosId', proxy);
metrics.register('sos:sockets:open', () => io.engine.clientsCount);
