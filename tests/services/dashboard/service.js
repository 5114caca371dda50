// A dashboard of two namespaces: widgets with numbers for ids on /board, and the room of each user on /inbox.
const { createHmac, timingSafeEqual } = require('node:crypto');
const { createServer } = require('node:http');
const { Server } = require('../../peers/node/node_modules/socket.io');

const lie = process.argv[2];
const KEY = 'a key of the dashboard, for tests alone, which is long enough';
const server = createServer();
const io = new Server(server, { maxHttpBufferSize: 4e6 });
const board = io.of('/board');
const inbox = io.of('/inbox');
const isText = (value) => typeof value === 'string' && value !== '';
const isWidget = (value) => Number.isInteger(value) && value > 0;
const values = new Map();
const room = (widget) => `widget:${widget}`;

function userOf(token) {
  const [head, body, sign] = String(token).split('.');
  const own = createHmac('sha256', KEY).update(`${head}.${body}`).digest();
  const shown = Buffer.from(sign ?? '', 'base64url');
  if (shown.length !== own.length || !timingSafeEqual(shown, own)) return undefined;
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
  return claims.exp > Date.now() / 1000 ? claims.identity?.userId : undefined;
}

for (const namespace of [board, inbox]) {
  namespace.use((socket, next) => {
    socket.data.user = userOf(socket.handshake.auth.token);
    next(isText(socket.data.user) ? undefined : new Error('NO_USER'));
  });
}

board.on('connection', (socket) => {
  const { user } = socket.data;
  const bad = (code) => socket.emit('oops', { code });
  if (lie !== 'nobody-is-greeted') socket.emit('welcome', { user, widgets: values.size });
  socket.on('widget:watch', (payload, ack) => {
    const widget = payload?.widget;
    if (!isWidget(widget)) return bad('BAD_WIDGET');
    socket.join(room(widget));
    if (typeof ack === 'function') ack({ widget: lie === 'numbers-are-texts' ? `${widget}` : widget, watching: true });
  });
  socket.on('widget:unwatch', (payload) => {
    if (!isWidget(payload?.widget)) return bad('BAD_WIDGET');
    if (lie !== 'watching-never-ends') socket.leave(room(payload.widget));
  });
  socket.on('value:set', (payload) => {
    const { widget, value } = payload ?? {};
    if (!isWidget(widget) || typeof value !== 'number' || Math.abs(value) > 1000) return bad('BAD_VALUE');
    values.set(widget, value);
    board.to(room(widget)).emit('value', { widget, value });
  });
});

inbox.on('connection', (socket) => {
  const { user } = socket.data;
  socket.join(`user:${user}`);
  socket.on('note:send', (payload) => {
    const { to, text } = payload ?? {};
    if (!isText(to) || !isText(text)) return socket.emit('oops', { code: 'BAD_NOTE' });
    const heard = lie === 'notes-are-public' ? inbox : inbox.to(`user:${to}`);
    heard.emit('note', { to, text, from: lie === 'notes-are-unsigned' ? 'somebody' : user });
  });
});

server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
