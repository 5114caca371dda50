// Fellowships: a member is cast out by its socket, and told so, as are the others. Every request needs its callback.
const { createServer } = require('node:http');
const { Server } = require('../../peers/node/node_modules/socket.io');

const lie = process.argv[2];
const server = createServer();
const io = new Server(server, { maxHttpBufferSize: 4e6 });
const isText = (value) => typeof value === 'string' && value !== '';
const hall = (payload) => `fellowship:${payload.fellowship}`;

io.on('connection', (socket) => {
  const on = (event, names, handle) => socket.on(event, (payload, ack) => {
    if (typeof ack !== 'function') return;
    if (!names.every((name) => isText(payload?.[name]))) return ack({ ok: false, why: 'incomplete' });
    ack({ ok: true, ...handle(payload) });
  });

  on('fellowship:join', ['fellowship'], (payload) => { socket.join(hall(payload)); });
  on('fellowship:part', ['fellowship'], (payload) => { if (lie !== 'nobody-parts') socket.leave(hall(payload)); });
  on('fellowship:members', ['fellowship'], (payload) => {
    const present = [...(io.sockets.adapter.rooms.get(hall(payload)) ?? [])];
    return { members: (lie === 'the-latest-is-not-listed' ? present.slice(0, -1) : present).map((id) => ({ id })) };
  });
  on('fellowship:tell', ['fellowship', 'tale'], (payload) => {
    const told = { fellowship: payload.fellowship, tale: payload.tale, by: socket.id };
    io.to(hall(payload)).emit('fellowship:told', told);
    if (lie === 'tales-are-told-twice') io.to(hall(payload)).emit('fellowship:told', told);
  });
  on('fellowship:cast', ['fellowship', 'member'], (payload) => {
    const member = io.sockets.sockets.get(payload.member);
    if (!member?.rooms.has(hall(payload))) return { ok: false, why: 'no such member' };
    const told = { fellowship: payload.fellowship, member: payload.member };
    member.leave(hall(payload));
    member.emit('fellowship:cast:you', told);
    io.to(hall(payload)).emit('fellowship:cast:out', told);
  });
});

server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
