import { Server } from "socket.io";
io.to(`sos:${id}`).emit("message:typing:stop", { sosId, userId }
socket.on("sos:room:leave", (x => {
socket.on("sos:room:leaves", y)

// expected
// 4:11 event-is-documented sos:room:leaves -> sos:room:leave
