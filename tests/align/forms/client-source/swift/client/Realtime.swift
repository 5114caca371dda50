import SocketIO

final class Realtime {
  func start() {
    socket.on(clientEvent: .connect) { _, _ in }
    socket.on("message:broadcast") { data, _ in self.add(data) }
    socket.on("⟦ret|message:new⟧") { data, _ in self.add(data) }
    socket.emit("sos:close", ["sosId": id])
  }
}
