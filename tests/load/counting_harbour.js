// A harbour of two namespaces, one of them with two kinds of rooms, which counts: GET /count says what each part has sent.
// An argument makes it lie: `all-hear-ships` sends news of ships to every pilot.
const { createServer } = require('node:http');
const { Server } = require('../peers/node/node_modules/socket.io');

const lie = process.argv[2] || '';
const count = {};
const server = createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(count));
});
const io = new Server(server);

function part(namespace, name, field) {
  const place = io.of(namespace);
  const sent = count[name] = { published: 0, deliveries: 0, leaked: 0 };
  place.on('connection', (socket) => {
    socket.on(`${name}:follow`, (payload, ack) => {
      if (typeof payload?.[field] !== 'string') return socket.emit('refused', { why: `no ${field}` });
      socket.join(`${name}:${payload[field]}`);
      ack({ [field]: payload[field] });
    });
    socket.on(`${name}:tell`, (payload) => {
      const room = `${name}:${payload[field]}`;
      const members = place.adapter.rooms.get(room)?.size || 0;
      const everywhere = lie === 'all-hear-ships' && name === 'ship';
      sent.published += 1;
      sent.deliveries += members;
      sent.leaked += everywhere ? place.sockets.size - members : 0;
      (everywhere ? place : place.to(room)).emit(`${name}:told`, payload);
    });
  });
}

part('/pilots', 'ship', 'ship');
part('/pilots', 'pier', 'pier');
part('/crew', 'crew', 'ship');
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
