import { useEffect } from 'react';
import { socket } from './socket';

interface Moved {
  userId: string;
  latitude: number;
  longitude: number;
}

export function useMarkers(draw: (who: string, at: [number, number]) => void) {
  useEffect(() => {
    socket.on('location:broadcast', (moved: Moved) => draw(moved.userId, [moved.latitude, moved.longitude]));
    socket.on('participant:joined:broadcast', (p: { displayName: string; sosId: string }) => greet(p.displayName));
    socket.on('sos:status:broadcast', (p: { status: ⟦val|'active' | 'finished'⟧ }) => show(p.status));
  }, [draw]);
}
