import { Server } from 'socket.io';
export const REDIS_KEYS = {
  ROOMS: 'sos:rooms',
  LAST: 'location:last',
} as const;
const CACHE_PREFIXES = { room: 'sos:cache', user: 'sos:user' };
export const SOCKET_EVENTS = { UPDATE: 'location:update', OLD: '⟦ev|location:changed⟧' };
