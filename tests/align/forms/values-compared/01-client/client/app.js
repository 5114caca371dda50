const { io } = require('socket.io-client');
const socket = io(process.env.RT);

socket.on('sos:status:broadcast', function (change) {
  if (change.⟦val|status⟧ === 'done') leave(change.sosId);
});

socket.on('message:broadcast', (m) => {
  if (m.contentType !== 'text') return;
  switch (m.⟦val|senderType⟧) {
    case 'citizen':
      return left(m);
    case 'responder':
      return right(m);
    default:
      return right(m);
  }
});

socket.on('participant:joined:broadcast', (p) => {
  if (p.userType === 'rescuer' || p.userType === 'admin') mark(p.userId);
});
