import { Server } from "socket.io";
const base = `${host}:${port}`;
const key = `sos:${sosId}:lock`;
redis.set(key, 1);
io.in(`sos:${sosId}`).emit("sos:status:broadcast", { sosId, status, timestamp });
io.to(socketId).emit("error", { code, message });

// expected
