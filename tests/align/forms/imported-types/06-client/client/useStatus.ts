import { io } from 'socket.io-client';
import type { StatusChange } from './types';

const socket = io(URL);
socket.on('sos:status:broadcast', (c: StatusChange) => setStatus(c));
