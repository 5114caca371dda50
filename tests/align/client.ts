import { io } from "socket.io-client";
const socket = io(url);
socket.emit("sos:room:join", { sosId });
socket.on("message:broadcast", show);
socket.emit("message:broadcast", { sosId });
socket.emit("message:send", { sosId });

// expected
// 5:13 call-is-the-only-way message:broadcast
// 6:13 call-is-the-only-way message:send
