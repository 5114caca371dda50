// Pagers of wards: each request is taken by a callback, as the pages of Socket.IO show it, and one without is not taken.
const { createServer } = require('node:http');
const { Server } = require('../../peers/node/node_modules/socket.io');

const lie = process.argv[2] ?? '';
const server = createServer();
const io = new Server(server);
const isText = (value) => typeof value === 'string' && value !== '';

io.on('connection', (socket) => {
  const taken = (event, handler) =>
    socket.on(event, (message, callback) => {
      if (typeof callback !== 'function' || !isText(message?.ward)) return;
      handler(message);
      callback({ ok: true });
    });

  taken('watch', ({ ward }) => socket.join(`ward:${ward}`));
  taken('unwatch', ({ ward }) => socket.leave(`ward:${ward}`));
  taken('page', ({ ward, text }) => {
    if (lie === 'pages-are-acked-and-lost' || !isText(text)) return;
    io.to(`ward:${ward}`).emit('paged', { ward, text });
  });
});

server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
