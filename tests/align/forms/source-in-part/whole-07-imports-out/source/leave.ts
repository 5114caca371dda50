export const leave = (socket) => socket.on('sos:room:leave', ({ sosId }) => socket.leave(`sos:${sosId}`));
