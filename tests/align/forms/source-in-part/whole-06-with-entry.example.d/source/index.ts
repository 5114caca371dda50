import express from 'express';
import { createServer } from 'node:http';
import { Server as SocketServer } from 'socket.io';
import { boards } from './boards';
import { cursors } from './cursors';

const app = express();
const server = createServer(app);
const io = new SocketServer(server, { path: '/socket.io/' });
io.on('connection', (socket) => {
  boards(io, socket);
  cursors(socket);
});
app.post('/notes/:room', (req, res) => {
  io.to(`board:${req.params.room}`).emit('note:added', add(req));
  res.status(201).end();
});
server.listen(process.env.PORT);
// whole: documented-event-is-in-source problem
