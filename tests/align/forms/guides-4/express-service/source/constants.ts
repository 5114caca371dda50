export const ROOM_PREFIX = 'sos:';
export const EVENTS = {
  JOIN: 'sos:room:join',
  TYPING_START: 'message:typing:start',
  BROADCAST: 'message:broadcast',
  PARTICIPANT_LEFT: '⟦ev|participant:exit:broadcast⟧',
} as const;
export const CHANNELS = { REDIS: 'sos:events' };
export const ERROR_CODES = { NOT_FOUND: 'sos:not_found', FORBIDDEN: 'sos:forbidden' };
