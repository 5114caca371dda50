import { Server } from 'socket.io';
export interface ClientToServerEvents {
  'location:update': (p: { sosId: string; latitude: number; longitude: number; accuracy: number }) => void;
  '⟦ev|location:updates⟧': (p: unknown) => void;
  'sos:close': (p: { sosId: string }, done: () => void) => void;
}
export type ServerToClientEvents = {
  'location:broadcast': (p: LocationBroadcast) => void;
  '⟦ret|message:new⟧': (m: Message) => void;
  'participant:left:broadcast': (p: { sosId: string; userId: string }) => void;
};
const io = new Server<ClientToServerEvents, ServerToClientEvents>();
