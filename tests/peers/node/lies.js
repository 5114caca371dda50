// How the service behaves where a test may want it to lie. HONEST is the contract; each lie
// replaces exactly one of its entries, so that a checker which catches the lie has seen that one
// thing and nothing else.

import { isObject } from './contract.js';

/** A room's name by its template. Put together, not replaced: an id may hold a `$&` of its own. */
const fill = (template, sosId) => template.split('{sosId}').join(sosId);

export const HONEST = Object.freeze({
  // The name under which a persisted message reaches the room.
  messageEvent: 'message:broadcast',

  // The room of an SOS: the id exactly as the client gave it.
  nameRoom: (template, sosId) => fill(template, sosId),

  // Who hears that somebody is typing: the room without the socket that types.
  typingAudience: (io, socket, room) => socket.to(room),

  // Who hears that a request was bad: the socket that made it, alone.
  errorAudience: (io, socket) => socket,

  // What a client may emit in the server's name: nothing. By name, what becomes of the payload.
  forgeries: {},

  // Whether a message that was answered with 201 can be read afterwards.
  keepsMessages: true,
});

const LIES = {
  // roomcheck: ignore retired-event-is-not-used it is the lie
  'renamed-message-broadcast': { messageEvent: 'message:new' },
  'dash-id-leak': { nameRoom: (template, sosId) => fill(template, sosId.toLowerCase()) },
  'typing-to-sender': { typingAudience: (io, socket, room) => io.to(room) },
  'broadcast-not-stored': { keepsMessages: false },
  'relays-forged-envelope': {
    forgeries: {
      // roomcheck: ignore direction-is-as-documented it is the lie
      'message:broadcast': ({ sosId, message }) => isObject(message) && ['message:broadcast', { ...message, sosId }],
    },
  },
  'relays-forged-participant': {
    forgeries: {
      // roomcheck: ignore direction-is-as-documented it is the lie
      'participant:joined:broadcast': ({ sosId, userId, displayName }) =>
        ['participant:joined', { sosId, userId, displayName, joinedAt: new Date().toISOString() }],
    },
  },
  'error-to-room': { errorAudience: (io) => io },
};

export const LIE_NAMES = Object.freeze(Object.keys(LIES));

/**
 * The behaviour to serve with, its rooms named by the template: honest, or but for one lie. What is
 * sent to a room goes to the name by the other template, at which nobody is where the two differ.
 */
export function behaviour(lie, roomTemplate, audienceTemplate = roomTemplate) {
  const ways = { ...HONEST, ...(lie !== undefined && LIES[lie]) };
  return Object.freeze({
    ...ways,
    roomOf: (sosId) => ways.nameRoom(roomTemplate, sosId),
    audienceOf: (sosId) => ways.nameRoom(audienceTemplate, sosId),
  });
}
