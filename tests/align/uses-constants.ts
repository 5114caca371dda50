import { SOCKET_EVENTS } from "./constants";
import { Server } from "socket.io";
export const tell = (io: Server, sosId: string) =>
  io.to(room(sosId)).emit(SOCKET_EVENTS.MESSAGE_BROADCAST, { id, sosId, senderType: "CITIZEN", ...rest });
export const listen = (socket) => socket.on(SOCKET_EVENTS.STATUS, handle);

// expected
// 4:85 payload-values-are-allowed message:broadcast
// 5:45 event-is-documented sos:status:changed
