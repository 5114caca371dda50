export const SOCKET_EVENTS = {
  MESSAGE_BROADCAST: 'message:broadcast',
  TYPING_START: 'message:typing:start',
  JOIN: 'sos:room:join',
  STATUS: 'sos:status:changed',
} as const;

// expected
// 5:11 event-is-documented sos:status:changed
