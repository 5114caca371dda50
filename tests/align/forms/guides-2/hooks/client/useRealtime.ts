import { useSocketEvent, useSocket } from '@/lib/socket';
export function useRealtime(sosId: string) {
  const { emit } = useSocket();
  useSocketEvent('message:broadcast', (m) => add(m));
  useSocketEvent('⟦ev|location:moved⟧', (l) => move(l));
  const join = () => emit('sos:room:join', { sosId });
  const status = (status: string) => emit('sos:status:update', { sosId, ⟦fld|state: status⟧ });
}
