import { io } from 'socket.io-client';

const socket = io(URL);
export const wizard = ['sos:intro', 'sos:photo', 'sos:summary', 'sos:thanks'];
for (const name of ['sos:init', 'sos:room:join', ⟦ev|'sos:room:exit'⟧]) socket.emit(name, { sosId });
