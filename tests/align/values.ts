import { Server } from "socket.io";
io.to(room).emit("sos:status:broadcast", { sosId, status: "over", timestamp: "now" });
io.to(room).emit("location:broadcast", { sosId, userId, latitude: 95, longitude: -1.5, accuracy: 3, timestamp: 5 });

// expected
// 2:59 payload-values-are-allowed sos:status:broadcast
// 2:78 payload-values-are-allowed sos:status:broadcast
// 3:67 payload-values-are-allowed location:broadcast
