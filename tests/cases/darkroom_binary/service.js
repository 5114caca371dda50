// A darkroom whose frames are Buffers: attachments on the wire, both ways.
const { createServer } = require('node:http');
const { Server } = require('../../peers/node/node_modules/socket.io');

const lie = process.argv[2];
const server = createServer();
const io = new Server(server, { maxHttpBufferSize: 4e6 });
const isText = (value) => typeof value === 'string' && value !== '';
const isBytes = (value, least, most) => Buffer.isBuffer(value) && value.length >= least && value.length <= most;

// What happens to bytes on their way through a queue, a cache or a careless handler.
const bent = {
  'light-goes-through-json': (bytes) => JSON.parse(JSON.stringify(bytes)),
  'light-is-cut': (bytes) => bytes.subarray(0, bytes.length - 1),
}[lie] ?? ((bytes) => bytes);

io.on('connection', (socket) => {
  const refuse = (why) => socket.emit('refused', { why });
  socket.on('film:load', (payload, ack) => {
    if (!isText(payload?.film)) return refuse('no film');
    socket.join(`film:${payload.film}`);
    if (typeof ack === 'function') ack({ film: payload.film });
  });
  socket.on('film:unload', (payload) => {
    if (!isText(payload?.film)) return refuse('no film');
    socket.leave(`film:${payload.film}`);
  });
  socket.on('frame:expose', (payload) => {
    const takes = lie === 'any-light-will-do' || isBytes(payload?.light, 1, 4096);
    if (!isText(payload?.film) || !isText(payload?.label) || !takes) return refuse('no frame');
    const { film, label, light } = payload;
    io.to(`film:${film}`).emit('frame:developed', { film, label, light: bent(light) });
  });
  socket.on('tint', (film, dye, ack) => {
    if (!isText(film) || !isBytes(dye, 3, 64)) return refuse('no dye');
    socket.to(lie === 'dye-runs' ? [] : `film:${film}`).emit('tinted', film, dye);
    const swatch = dye.subarray(0, 3);
    if (typeof ack === 'function') ack(lie === 'swatch-is-numbers' ? [...swatch] : swatch);
  });
});

server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
