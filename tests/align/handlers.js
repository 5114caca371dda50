const { Server } = require("socket.io");
const E = Object.freeze({ NEW: "message:new", ERROR: "error" });
module.exports = (io, socket) => {
  socket.on("message:send", (m) => io.emit(E.NEW, m));
  socket.emit(E.ERROR, { code: "X", mesage: "y" });
  socket.on("disconnect", () => {});
  socket.broadcast.emit("location:brodcast", { sosId });
};

// expected
// 2:32 retired-event-is-not-used message:new -> message:broadcast
// 4:13 retired-event-is-not-used message:send
// 4:44 retired-event-is-not-used message:new -> message:broadcast
// 5:45 payload-fields-are-documented error
// 7:25 event-is-documented location:brodcast -> location:broadcast
