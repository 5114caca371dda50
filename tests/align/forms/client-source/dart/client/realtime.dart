import 'package:socket_io_client/socket_io_client.dart' as IO;

class Realtime {
  void start() {
    socket.onConnect((_) => socket.emit('sos:room:join', {'sosId': id}));
    socket.on('location:broadcast', (data) => move(data));
    socket.on('⟦dir|location:update⟧', (data) => move(data));
    socket.emit("⟦ev|location:updates⟧", {'sosId': id});
    // socket.on('message:new', show);
  }
}
