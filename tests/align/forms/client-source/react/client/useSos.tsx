import { useEffect } from 'react';
export function useSos(socket, sosId) {
  useEffect(() => {
    socket.emit('sos:room:join', { sosId });
    socket.on('message:broadcast', add);
    socket.on('⟦dir|location:update⟧', move);
    socket.emit('⟦only|message:broadcast⟧', { sosId });
    fetch(⟦call|`/api/mesages/${sosId}`⟧, { method: 'POST' });
  }, []);
}
