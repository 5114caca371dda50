import { Server } from "socket.io";
// socket.on("message:new") was the old way
/* io.emit("message:error") */
export const f = (io: Server) => io.emit("error", { code: "A", message: "b" });

// expected
// 4:42 receivers-are-as-documented error
