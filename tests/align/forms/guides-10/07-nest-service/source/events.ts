const P = 'participant';
const NS = { SOS: 'sos', LOC: 'location' } as const;

export const EVENTS = {
  JOIN: `${NS.SOS}:room:join`,
  LEAVE: `${NS.SOS}:room:leave`,
  LOCATION: `${NS.LOC}:update`,
  LOCATION_OUT: `${NS.LOC}:broadcast`,
  STATUS: 'sos:status:update',
  STATUS_OUT: '⟦ev|sos:status:broadcasts⟧',
  JOINED: `${P}:joined:broadcast`,
  LEFT: `⟦ev|${P}:leave:broadcast⟧`,
} as const;

export const REDIS = { members: (id: string) => `sos:${id}:members`, lock: 'sos:lock' };
export const roomOf = (sosId: string) => `sos:${sosId}`;
