// The chat of Socket.IO's tutorial, which counts: GET /count says what it has taken and sent.
const { createServer } = require('node:http');
const { Server } = require('../peers/node/node_modules/socket.io');

const count = { messages: 0, deliveries: 0 };
const server = createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(count));
});
const io = new Server(server);

io.on('connection', (socket) => {
  socket.on('chat message', (msg) => {
    if (typeof msg !== 'string' || msg === '') return;
    count.messages += 1;
    count.deliveries += io.sockets.sockets.size;
    io.emit('chat message', msg);
  });
});

server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
