// Parlour games: whose turn it is decides who may move, the host alone hushes, and what is said again is not told again.
const { createServer } = require('node:http');
const { Server } = require('../../peers/node/node_modules/socket.io');

const lie = process.argv[2];
const server = createServer();
const io = new Server(server, { maxHttpBufferSize: 4e6 });
const isText = (value) => typeof value === 'string' && value !== '';
const parlours = new Map();
const said = new Set();

function rise(id, name) {
  const parlour = parlours.get(name);
  if (!parlour?.guests.includes(id)) return;
  const [host] = parlour.guests;
  parlour.guests = parlour.guests.filter((guest) => guest !== id);
  parlour.turn = 0;
  if (parlour.guests.length === 0) return parlours.delete(name);
  const others = io.to(`parlour:${name}`).except(id);
  const told = { parlour: name, host: parlour.guests[0] };
  if (host === id) others.emit('parlour:host', told);
}

io.on('connection', (socket) => {
  socket.on('parlour:join', (name, callback) => {
    if (!isText(name)) return callback?.('no name');
    socket.join(`parlour:${name}`);
    const parlour = parlours.get(name) ?? { guests: [], turn: 0 };
    parlours.set(name, parlour);
    if (!parlour.guests.includes(socket.id)) parlour.guests.push(socket.id);
    callback?.(null);
  });
  socket.on('parlour:leave', (name, callback) => {
    if (!isText(name)) return callback?.('no name');
    socket.leave(`parlour:${name}`);
    rise(socket.id, name);
    callback?.(null);
  });
  socket.on('parlour:say', (name, text, key, callback) => {
    if (!isText(name) || !isText(text) || !isText(key)) return callback?.('incomplete');
    const room = io.to(`parlour:${name}`);
    if (!said.has(key)) room.emit('parlour:said', name, text, socket.id);
    if (lie === 'talk-is-told-twice') room.emit('parlour:said', name, text, socket.id);
    said.add(key);
    callback?.(null);
  });
  socket.on('parlour:move', (move, ack) => {
    const { parlour: name, cell } = move ?? {};
    if (!isText(name) || !Number.isInteger(cell) || cell < 0 || cell > 8) return ack?.({ ok: false, why: 'incomplete' });
    if (lie === 'cell-0-is-none' && !cell) return ack?.({ ok: false, why: 'incomplete' });
    const parlour = parlours.get(name);
    const seat = parlour?.guests.slice(0, 2).indexOf(socket.id) ?? -1;
    if (seat < 0) return ack?.({ ok: false, why: 'not playing' });
    if (parlour.guests.length > 1 && seat !== parlour.turn) return ack?.({ ok: false, why: 'not your turn' });
    parlour.turn = 1 - parlour.turn;
    io.to(`parlour:${name}`).emit('parlour:moved', { parlour: name, cell, by: socket.id });
    ack?.({ ok: true });
  });
  socket.on('parlour:hush', (wish, ack) => {
    if (!isText(wish?.parlour) || !isText(wish.guest)) return ack?.({ ok: false, why: 'incomplete' });
    const guests = parlours.get(wish.parlour)?.guests ?? [];
    if (guests[0] !== socket.id) return ack?.({ ok: false, why: 'not the host' });
    if (!guests.includes(wish.guest) || lie === 'nobody-is-hushed') return ack?.({ ok: false, why: 'no such guest' });
    io.to(`parlour:${wish.parlour}`).emit('parlour:hushed', { parlour: wish.parlour, guest: wish.guest });
    ack?.({ ok: true });
  });
  socket.on('disconnecting', () => [...parlours.keys()].forEach((name) => rise(socket.id, name)));
});

server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
