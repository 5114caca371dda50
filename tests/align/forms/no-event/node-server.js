const { Server } = require('socket.io');
const server = http.createServer();
server.on('request', app);
server.on('error', (e) => console.error(e));
server.on('listening', ready);
process.on('message', work);
httpServer.on('clientError', drop);
io.on('connection', (socket) => {
  socket.on('location:update', update);
  socket.on('⟦ev|location:upate⟧', update);
});
