io.on('connection', (socket) => {
  socket.on('participants:active:request', async ({ sosId }, ack) => {
    const people = await members(sosId);
    ack({ sosId, participants: people, count: people.length, timestamp: Date.now() });
  });
});
