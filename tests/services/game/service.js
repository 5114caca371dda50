// A game: the handshake names the arena, states are binary, ticks are volatile, acks are (err, data).
const { createServer } = require('node:http');
const { Server } = require('../../peers/node/node_modules/socket.io');

const lie = process.argv[2];
const server = createServer();
const io = new Server(server, { maxHttpBufferSize: 4e6 });
const TICK_MS = 50;
const isPlace = (value) => typeof value === 'number' && Math.abs(value) <= 100;
const isText = (value) => typeof value === 'string' && value !== '';
const arenas = new Map();

const answer = (ack, err, data = null) => {
  if (typeof ack === 'function') ack(err && { code: err }, data);
};
const acking = (handler) => (...args) => {
  const ack = typeof args.at(-1) === 'function' ? args.pop() : undefined;
  handler(ack, ...args);
};

io.use((socket, next) => {
  const { arena } = socket.handshake.auth;
  if (!isText(arena)) return next(new Error('NO_ARENA'));
  socket.data.arena = arena;
  next();
});

io.on('connection', (socket) => {
  const { arena } = socket.data;
  const room = lie === 'one-arena-for-all' ? 'arena:all' : `arena:${arena}`;
  socket.join(room);
  arenas.set(arena, arenas.get(arena) ?? 0);
  socket.on('world:save', acking((ack, state) => {
    if (!Buffer.isBuffer(state) || state.length < 1 || state.length > 4096) return answer(ack, 'BAD_STATE');
    const sent = lie === 'states-are-base64' ? state.toString('base64') : lie === 'states-are-cut' ? state.subarray(0, 2) : state;
    io.to(room).emit('world', sent);
    answer(ack, null, { bytes: state.length });
  }));
  socket.on('step', acking((ack, step) => {
    if (!isPlace(step?.x) || !isPlace(step?.y)) return answer(ack, 'BAD_STEP');
    socket.to(room).emit('stepped', { x: step.x, y: step.y, player: socket.id });
    if (lie === 'acks-have-one-argument') return typeof ack === 'function' && ack({ x: step.x, y: step.y });
    answer(ack, null, { x: step.x, y: step.y });
  }));
  socket.on('shout', acking((ack, words) => {
    if (!isText(words) || words.length > 500) return answer(ack, 'BAD_WORDS');
    io.to(room).emit('shouted', words);
    answer(ack, null, true);
  }));
});

setInterval(() => {
  for (const [arena, n] of arenas) {
    arenas.set(arena, n + 1);
    io.to(`arena:${arena}`).volatile.emit('tick', { arena, n: n + 1 });
  }
}, TICK_MS);

server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
