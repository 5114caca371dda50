import { io } from 'socket.io-client';
import mitt from 'mitt';

export const bus = mitt();
export const socket = io(import.meta.env.VITE_RT_URL, { autoConnect: false });

const DOMAIN = 'message';
const INCOMING = ['location:broadcast', 'sos:status:broadcast', `${DOMAIN}:broadcast`, '⟦ev|participants:joined:broadcast⟧'] as const;

for (const name of INCOMING) {
  socket.on(name, (payload) => bus.emit(name, payload));
}

socket.on(`⟦ev|${DOMAIN}:typing:begin⟧`, (p) => bus.emit('typing:begin', p));
socket.io.on('reconnect', () => bus.emit('rt:reconnected'));

export const api = {
  join: (sosId: string) => socket.emit('sos:room:join', { sosId, userType: 'citizen' }),
  leave: (sosId: string) => socket.emit('sos:room:leave', { sosId }),
  move: (sosId: string, c: GeolocationCoordinates) =>
    socket.emit('location:update', { sosId, ⟦fld|lat: c.latitude⟧, longitude: c.longitude, accuracy: c.accuracy }),
  status: (sosId: string, status: string) => socket.emit('⟦dir|sos:status:broadcast⟧', { sosId, status, timestamp: 0 }),
  post: (sosId: string, content: string) => http.post(`/api/messages/${sosId}`, { senderDisplayName: me().name, content }),
  history: (sosId: string) => http.get(`/api/messages/${sosId}`, { params: { skip: 0, limit: 20 } }),
  quit: (sosId: string, userId: string) => http.patch(`⟦call|/api/sos/${sosId}/participant/${userId}/leave⟧`),
};

localStorage.setItem('sos:last', JSON.stringify({}));
document.addEventListener('visibilitychange', () => bus.emit('app:visible'));
navigator.serviceWorker?.controller?.postMessage({ type: 'sos:cache:clear' });
