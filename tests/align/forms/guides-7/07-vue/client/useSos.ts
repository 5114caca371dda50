import { ref, onMounted, onUnmounted } from 'vue';
import { socket } from '@/plugins/socket';

export function useSos(sosId: string) {
  const messages = ref<Message[]>([]);
  const add = (m: Message) => messages.value.push(m);
  onMounted(() => {
    socket.emit('sos:room:join', { sosId, userType: 'citizen', displayName: 'A' });
    socket.on('message:broadcast', add);
    socket.on('⟦dir|message:history:request⟧', add);
  });
  onUnmounted(() => {
    socket.off('message:broadcast', add);
    socket.emit('⟦ev|sos:room:leaves⟧', { sosId });
  });
  const send = (content: string) => http.post(`/api/messages/${sosId}`, { content, senderDisplayName: 'A' });
  return { messages, send };
}
