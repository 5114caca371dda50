import { io } from 'socket.io-client';
import { HEARD, LEFT, SAY_TYPING } from './events';

const socket = io('http://localhost');
socket.on(⟦ev|HEARD⟧, show);
socket.on(LEFT, (p) => remove(p.userId));
socket.emit(⟦fld|SAY_TYPING⟧, { sosId });
