import { Server } from 'socket.io';
socket.join(`user:${userId}`);
socket.join(`sos:${sosId}`);
socket.join(⟦room|`incident-${sosId}`⟧);
io.to(⟦room|'room:' + sosId⟧).emit('location:broadcast', data);
