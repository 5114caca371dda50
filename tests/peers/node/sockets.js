// The Socket.IO side: what a client may ask for, and who hears of it. Only the documented requests
// have a handler. Anything else that a client emits, message:send and the server's own event names
// included, finds no listener and has no effect.

import { AuthError } from './auth.js';
import { STATUSES, USER_TYPES, given, isName, isNumberWithin, isObject, optional, page } from './contract.js';
import { LIMIT } from './redis.js';
import { StoreUnavailable } from './store.js';

/** A request that is refused: becomes an `error` event. */
class BadRequest extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

function demand(condition, code, message) {
  if (!condition) throw new BadRequest(code, message);
}

/** The sockets now in a room, on all nodes. */
export const membersOf = (io, room) => io.in(room).fetchSockets();

/**
 * What a socket said of itself when it joined a room. Kept as a list, not by room: other nodes and
 * the admin UI get it too, and not every way there preserves a Map, or a room named `__proto__`.
 */
export const detailsIn = ({ data }, room) => data.details.find((entry) => entry.room === room);

function setDetails({ data }, room, details) {
  const others = data.details.filter((entry) => entry.room !== room);
  data.details = details ? [...others, { room, ...details }] : others;
}

/** Takes sockets out of a room, on whichever node each of them is, and waits until they are out. */
export async function dismiss(io, room, sockets) {
  const ids = new Set(sockets.map(({ id }) => id));
  // By way of the adapter for one's own sockets too, so that they get what was sent to them before.
  for (const id of ids) io.in(id).socketsLeave(room);
  const end = Date.now() + LIMIT;
  while ((await membersOf(io, room)).some(({ id }) => ids.has(id)) && Date.now() < end);
  // Whatever became of Redis on the way, these are out.
  for (const id of ids) io.sockets.sockets.get(id)?.leave(room);
}

function participant(member, room) {
  const { userId, userType } = member.data.identity;
  const details = detailsIn(member, room); // a displayName, and a userType said on joining
  return {
    userId,
    userType: details?.userType ?? userType,
    ...given({ displayName: details?.displayName }),
    socketId: member.id,
    connectedAt: new Date(member.handshake.issued).toISOString(),
  };
}

function errorOf(failure) {
  if (failure instanceof BadRequest) return { code: failure.code, message: failure.message };
  if (failure instanceof StoreUnavailable) return { code: 'SERVICE_UNAVAILABLE', message: failure.message };
  console.error(failure);
  return { code: 'INTERNAL_ERROR', message: 'the request could not be handled' };
}

/** `subscribed` waits until this node hears what other nodes send to the rooms just joined. */
export function serveSockets({ io, ways, store, authenticate, subscribed }) {
  io.use((socket, next) => {
    try {
      const identity = authenticate(socket.handshake.auth?.token);
      socket.data.identity = identity ?? { userId: `anon-${socket.id}`, userType: 'citizen' };
      socket.data.details = [];
      next();
    } catch (failure) {
      const reason = failure instanceof AuthError ? failure.message : 'token cannot be checked';
      next(new Error(`AUTHENTICATION_ERROR: ${reason}`));
    }
  });

  io.on('connection', (socket) => {
    for (const [event, handler] of Object.entries(handlers)) {
      socket.on(event, (...args) => answer(socket, handler, args));
    }
    for (const [event, told] of Object.entries(ways.forgeries)) {
      socket.on(event, (payload) => {
        const relayed = isObject(payload) && isName(payload.sosId) && told(payload);
        if (relayed) io.to(ways.audienceOf(payload.sosId)).emit(...relayed);
      });
    }
  });

  // However a socket comes to leave a room, what it said there is forgotten.
  io.sockets.adapter.on('leave-room', (room, id) => {
    const socket = io.sockets.sockets.get(id);
    if (socket && detailsIn(socket, room)) setDetails(socket, room, null);
  });

  /** Runs one request. Whatever happens in it, the socket stays connected. */
  async function answer(socket, handler, args) {
    const ack = typeof args.at(-1) === 'function' ? args.pop() : undefined;
    try {
      const payload = args[0];
      demand(
        isObject(payload) && isName(payload.sosId),
        'INVALID_SOS_ID', 'the request needs an object with a sosId',
      );
      const room = ways.roomOf(payload.sosId);
      const reply = await handler({ socket, payload, sosId: payload.sosId, room });
      // A question is answered once: by the ack if the client asked for one, else by an event.
      if (ack) ack(reply?.data ?? { success: true, sosId: payload.sosId });
      else if (reply) socket.emit(reply.event, reply.data);
    } catch (failure) {
      const error = errorOf(failure);
      ways.errorAudience(io, socket).emit('error', error);
      // The error event is the answer; the ack only frees a caller who is waiting for it.
      if (ack) ack({ success: false, ...error });
    }
  }

  async function join({ socket, payload, room }) {
    const { userType, displayName } = payload;
    demand(
      optional(userType, (value) => USER_TYPES.has(value)),
      'INVALID_USER_TYPE', 'userType must be admin, rescuer or citizen',
    );
    demand(
      optional(displayName, (value) => typeof value === 'string'),
      'INVALID_DISPLAY_NAME', 'displayName must be a string',
    );
    socket.join(room);
    // Joining again without details (sos:init after sos:room:join) keeps the known ones.
    setDetails(socket, room, { ...detailsIn(socket, room), ...given({ userType, displayName }) });
    await subscribed();
  }

  function leave({ socket, room }) {
    socket.leave(room);
  }

  const handlers = {
    'sos:room:join': join,
    'sos:init': join,
    'sos:room:leave': leave,
    // What closing an SOS means for others is not the realtime service's to say: the status
    // broadcast tells them. Here the socket just leaves.
    'sos:close': leave,

    'message:typing:start'({ socket, payload, sosId }) {
      const { displayName } = payload;
      demand(isName(displayName), 'INVALID_DISPLAY_NAME', 'displayName is missing');
      const { userId } = socket.data.identity;
      ways.typingAudience(io, socket, ways.audienceOf(sosId))
        .emit('message:typing:start', { sosId, userId, displayName });
    },

    'message:typing:stop'({ socket, sosId }) {
      const { userId } = socket.data.identity;
      ways.typingAudience(io, socket, ways.audienceOf(sosId)).emit('message:typing:stop', { sosId, userId });
    },

    async 'message:history:request'({ payload, sosId }) {
      const bounds = page(payload.skip, payload.limit);
      demand(bounds, 'INVALID_PAGINATION', 'limit must be 1 to 50, and skip 0 or more');
      return {
        event: 'message:history:response',
        data: { sosId, ...await store.history(sosId, bounds), timestamp: Date.now() },
      };
    },

    async 'participants:active:request'({ sosId, room }) {
      const participants = (await membersOf(io, room)).map((member) => participant(member, room));
      return {
        event: 'participants:active:response',
        data: { sosId, participants, count: participants.length, timestamp: Date.now() },
      };
    },

    'sos:status:update'({ socket, payload, sosId }) {
      const { status } = payload;
      demand(STATUSES.has(status), 'INVALID_STATUS_DATA', 'status is missing or unknown');
      const updatedBy = socket.data.identity.userId;
      io.to(ways.audienceOf(sosId))
        .emit('sos:status:broadcast', { sosId, status, updatedBy, timestamp: Date.now() });
    },

    'location:update'({ socket, payload, sosId }) {
      const { latitude, longitude, accuracy, deviceId } = payload;
      demand(
        isNumberWithin(latitude, -90, 90) && isNumberWithin(longitude, -180, 180)
          && isNumberWithin(accuracy, 0, Infinity)
          && optional(deviceId, (value) => typeof value === 'string'),
        'INVALID_LOCATION', 'latitude, longitude or accuracy is missing or out of range',
      );
      io.to(ways.audienceOf(sosId)).emit('location:broadcast', {
        sosId,
        userId: socket.data.identity.userId,
        latitude,
        longitude,
        accuracy,
        ...given({ deviceId }),
        timestamp: Date.now(),
      });
    },
  };
}
