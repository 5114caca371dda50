import { io } from 'socket.io-client';

const socket = io('/');
socket.on('message:broadcast', (message: { id: string; content: string }) => store.add(message.id, message.content));
socket.on('message:typing:stop', ({ userId }: { userId: ⟦val|number⟧ }) => store.quiet(userId));
socket.emit(⟦fld|'location:update'⟧, { sosId, latitude: 1.5, longitude: 2 });
