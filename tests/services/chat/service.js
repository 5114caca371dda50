// The chat of Socket.IO's tutorial. `node service.js LIE` tells a lie.
const { createServer } = require('node:http');
const { Server } = require('../../peers/node/node_modules/socket.io');

const lie = process.argv[2];
const server = createServer();
const io = new Server(server, { maxHttpBufferSize: 4e6 });

io.on('connection', (socket) => {
  socket.on('chat message', (msg) => {
    if (typeof msg !== 'string' || msg === '') return;
    const said = lie === 'messages-are-trimmed' ? msg.trim().replace(/\s+/g, ' ') : msg;
    const heard = lie === 'nobody-hears-oneself' ? socket.broadcast : io;
    heard.emit('chat message', lie === 'messages-are-objects' ? { msg: said } : said);
    if (lie === 'messages-come-twice') io.emit('chat message', said);
  });
});

server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
