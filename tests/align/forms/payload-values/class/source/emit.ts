import { Server } from 'socket.io';
class Builder {
  location(d: Loc) {
    return { sosId: d.sosId, userId: d.userId, latitude: d.lat, longitude: d.lng, accuracy: d.acc, timestamp: ⟦val|'now'⟧ };
  }
  send() {
    this.io.to(`sos:${this.sosId}`).emit('location:broadcast', this.location(this.d));
  }
}
