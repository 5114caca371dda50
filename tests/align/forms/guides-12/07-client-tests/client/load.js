const { io } = require('socket.io-client');
const clients = [];

for (let i = 0; i < 50; i++) {
  io(process.env.URL, { auth: { token: token(i) } }).emit('sos:room:join', { sosId: 'load' });
  const c = io(process.env.URL, { auth: { token: token(i) }, forceNew: true });
  c.on('connect', () => c.emit('sos:room:join', { sosId: 'load' }));
  c.on('location:broadcast', () => counters.inc('sos:location:seen'));
  c.on('⟦ev|locations:broadcast⟧', () => counters.inc('x'));
  clients.push(c);
}

setInterval(() => {
  for (const c of clients) {
    c.emit('location:update', { sosId: 'load', latitude: 1, longitude: 2, accuracy: 3 });
    c.volatile.emit('message:typing:start', { sosId: 'load', displayName: 'x' });
  }
}, 1000);

process.on('SIGINT', () => clients.forEach((c) => c.emit('sos:room:leave', { ⟦fld|room: 'load'⟧ })));
