import { Server } from "socket.io";
export function register(io: Server) {
  io.on("connection", (socket) => {
    socket.on("sos:room:join", async ({ sosId }) => {
      const roomName = `sos:${sosId}`;
      await socket.join(roomName);
      socket.join(`sos-${sosId}`);
      io.to("sos_" + sosId).emit("sos:status:broadcast", { sosId, status: "active", timestamp: Date.now() });
      socket.to(roomName).emit("participant:joined:broadcast", { sosId, userId, userType, displayName });
      names.join("-");
    });
  });
}

// expected
// 7:19 room-name-is-documented sos-{sosId}
// 8:13 room-name-is-documented sos_{sosId}
