// A ferry with connectionStateRecovery on: the server adds an offset behind the arguments of what can be replayed.
const { createServer } = require('node:http');
const { Server } = require('../../peers/node/node_modules/socket.io');

const lie = process.argv[2];
const server = createServer();
const recovery = lie === 'nothing-is-recovered' ? {} : { connectionStateRecovery: { maxDisconnectionDuration: 60000 } };
const io = new Server(server, { ...recovery, maxHttpBufferSize: 4e6 });
const isText = (value) => typeof value === 'string' && value !== '';

io.on('connection', (socket) => {
  socket.on('quay:wait', (payload, ack) => {
    if (!isText(payload?.quay)) return socket.emit('refused', { why: 'no quay' });
    socket.join(`quay:${payload.quay}`);
    if (typeof ack === 'function') ack({ quay: payload.quay });
  });
  socket.on('horn:sound', (payload) => {
    if (!isText(payload?.quay) || !isText(payload?.tune)) return socket.emit('refused', { why: 'no quay or tune' });
    const more = lie === 'tune-comes-twice' ? [payload.tune] : [];
    const heard = lie === 'every-quay-hears' ? io : io.to(`quay:${payload.quay}`);
    heard.emit('horn:sounded', { quay: payload.quay, tune: payload.tune }, ...more);
  });
});

const { adapter } = io.of('/');
const restore = adapter.restoreSession.bind(adapter);
adapter.restoreSession = async (pid, offset) => {
  const session = await restore(pid, offset);
  if (session && lie === 'horns-are-forgotten') session.missedPackets = [];
  if (session && lie === 'quays-are-forgotten') session.rooms = [];
  if (session && lie === 'horns-sound-again') session.missedPackets.push(...session.missedPackets);
  return session;
};

server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
