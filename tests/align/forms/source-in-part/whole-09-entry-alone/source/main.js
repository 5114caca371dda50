import http from 'node:http';
import { Server } from 'socket.io';
import onChat from './chat.js';
import onPlaces from './places.js';

const server = http.createServer();
const io = new Server(server);
io.on('connection', (socket) => {
  onChat(io, socket);
  onPlaces(io, socket);
  socket.on('sos:init', (body) => open(socket, body));
});
server.listen(4001);
