// A lighthouse: requests are acked as Node callbacks, ack(err, data), and what it sends has to be acked by its clients.
const { createServer } = require('node:http');
const { Server } = require('../../peers/node/node_modules/socket.io');

const lie = process.argv[2];
const server = createServer();
const io = new Server(server, { maxHttpBufferSize: 4e6 });
const COLOURS = lie === 'red-is-refused' ? ['white', 'green'] : ['white', 'red', 'green'];
const isText = (value) => typeof value === 'string' && value !== '';
const room = (lamp) => `lamp:${lamp}`;

const answerer = (ack) => (typeof ack === 'function' ? ack : () => {});
const REFUSED = { 'refusals-have-no-code': { text: 'no' }, 'refusals-say-nothing': null }[lie];
const refuse = (ack) => answerer(ack)(REFUSED === undefined ? { code: 'BAD' } : REFUSED);

// Sends until it is acked, five times at most; twenty times more where a lie is told.
const insist = (socket, payload, left = 5) => {
  socket.timeout(60).emit('horn:sounded', payload, (missed) => {
    if (missed && left > 1) insist(socket, payload, left - 1);
    else if (lie === 'horns-never-stop' && left > -15) setTimeout(() => insist(socket, payload, left - 1), 200);
  });
};

io.on('connection', (socket) => {
  socket.on('lamp:watch', (payload, ack) => {
    if (!isText(payload?.lamp)) return refuse(ack);
    if (lie === 'nobody-may-watch') return refuse(ack);
    const answer = () => answerer(ack)(null, { lamp: payload.lamp, lit: true });
    if (lie === 'watches-later') setTimeout(() => socket.join(room(payload.lamp)), 150);
    else socket.join(room(payload.lamp));
    answer();
  });
  socket.on('lamp:unwatch', (payload, ack) => {
    if (!isText(payload?.lamp)) return refuse(ack);
    socket.leave(room(payload.lamp));
    answerer(ack)(null);
  });
  socket.on('lamp:light', async (payload, ack) => {
    if (!isText(payload?.lamp) || !COLOURS.includes(payload.colour) || !isText(payload.word)) return refuse(ack);
    const { lamp, colour, word } = payload;
    for (const { id } of await io.in(room(lamp)).local.fetchSockets()) {
      const one = io.sockets.sockets.get(id);
      if (lie === 'asks-nobody') one?.emit('lamp:lit', { lamp, colour, word });
      else one?.timeout(2000).emit('lamp:lit', { lamp, colour, word }, (missed, answer) => {
        if (missed || answer?.seen !== true) one.data.unseen = (one.data.unseen ?? 0) + 1;
        if (one.data.unseen >= 2 || lie === 'puts-out-whom-it-hears') one.disconnect(true);
      });
    }
    answerer(ack)(...(lie === 'acks-have-a-word-more' ? [null, 'done'] : [null]));
  });
  socket.on('horn:sound', async (payload) => {
    if (!isText(payload?.lamp) || !isText(payload?.tune)) return;
    const { lamp, tune } = payload;
    for (const { id } of await io.in(room(lamp)).local.fetchSockets()) {
      const one = io.sockets.sockets.get(id);
      if (one && one !== socket) insist(one, { lamp, tune });
      // As if the first ack had been lost: the same is sent once more.
      if (one && one !== socket && tune.length % 2) insist(one, { lamp, tune });
    }
  });
});

server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
