import { Injectable } from '@angular/core';
import { Socket } from 'ngx-socket-io';
@Injectable()
export class RealtimeService {
  constructor(private socket: Socket) {}
  status() { return this.socket.fromEvent('sos:status:broadcast'); }
  left() { return this.socket.fromEvent<Left>('⟦ev|participant:left:brodcast⟧'); }
  close(sosId: string) { this.socket.emit('sos:close', { sosId }); }
}
