// A service that does what clients have to hear of: acks both ways, binary data, ends, recovery, a namespace and HTTP.
//
//   node everything.mjs
//
// Once it listens it prints its address.

import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const { Server } = createRequire(new URL('../peers/node/', import.meta.url))('socket.io');

const PAGE = `<!doctype html><title>waiting</title><script src="/socket.io/socket.io.js"></script><script>
  const socket = io({ transports: [new URLSearchParams(location.search).get('transport') || 'websocket'] });
  socket.on('connect', async () => {
    const said = await socket.emitWithAck('echo', 'from the page', new Uint8Array([1, 2, 255]));
    const answer = await fetch('/api/notes', { method: 'POST', body: JSON.stringify({ text: 'of the page' }),
                                               headers: { 'content-type': 'application/json' } });
    document.title = JSON.stringify([said[0], [...new Uint8Array(said[1])], (await answer.json()).text]);
  });
  socket.on('connect_error', (error) => { document.title = 'refused: ' + error.message; });
</script>`;

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    if (request.method === 'POST' && request.url === '/api/notes') {
      const { text } = JSON.parse(Buffer.concat(chunks));
      response.writeHead(201, { 'content-type': 'application/json', 'set-cookie': 'session=a-very-secret-session' });
      response.end(JSON.stringify({ id: 'n1', text, host: request.headers.host, origin: request.headers.origin }));
    } else {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(PAGE);
    }
  });
});

const io = new Server(server, { connectionStateRecovery: {}, pingInterval: 2000, cors: { origin: true } });

io.on('connection', (socket) => {
  socket.on('echo', (...args) => args.pop()(args));
  socket.on('say', (payload) => socket.emit('said', payload));
  socket.on('ask', () => socket.emit('question', 'how?', (answer) => socket.emit('answered', answer)));
  socket.on('drop', () => socket.conn.close());
  socket.on('leave', () => socket.disconnect());
  if (socket.recovered) socket.emit('welcome', 'back');
});
io.of('/chat').on('connection', (socket) => socket.on('echo', (value, ack) => ack(value)));
io.of('/closed').use((_, next) => next(Object.assign(new Error('CLOSED'), { data: { code: 7 } })));

server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
