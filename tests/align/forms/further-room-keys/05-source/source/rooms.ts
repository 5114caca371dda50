import { Server } from 'socket.io';

export const userRoom = (id: string) => `user:${id}`;
export const sosRoom = (sosId: string) => ⟦room|`room:${sosId}`⟧;

export function enter(socket: Socket, sosId: string) {
  socket.join(userRoom(socket.data.userId));
  socket.join(sosRoom(sosId));
}
