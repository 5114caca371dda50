// The Socket.IO side: what a client may ask for, and who hears of it. Only the documented requests
// have a handler. Anything else that a client emits, message:send and the server's own event names
// included, finds no listener and has no effect.

import { AuthError } from './auth.js';
import { STATUSES, USER_TYPES, isName, isNumberWithin, isObject, page } from './contract.js';

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

const optional = (value, check) => value === undefined || check(value);

/** The entries of an object that have a value: optional fields are left out, not sent as null. */
const given = (object) =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

/** The sockets now in the room of an SOS. */
export function socketsIn(io, room) {
  const ids = io.sockets.adapter.rooms.get(room) ?? [];
  return [...ids].map((id) => io.sockets.sockets.get(id)).filter(Boolean);
}

export function leave(socket, room) {
  socket.leave(room);
  socket.data.details.delete(room);
}

export function serveSockets({ io, ways, store, authenticate }) {
  io.use((socket, next) => {
    try {
      const identity = authenticate(socket.handshake.auth?.token);
      socket.data.identity = identity ?? { userId: `anon-${socket.id}`, userType: 'citizen' };
      socket.data.details = new Map(); // room -> what the socket said of itself when it joined
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
  });

  /** Runs one request. Whatever happens in it, the socket stays connected. */
  function answer(socket, handler, args) {
    const ack = typeof args.at(-1) === 'function' ? args.pop() : undefined;
    try {
      const payload = args[0];
      demand(
        isObject(payload) && isName(payload.sosId),
        'INVALID_SOS_ID', 'the request needs an object with a sosId',
      );
      const room = ways.roomOf(payload.sosId);
      const reply = handler({ socket, payload, sosId: payload.sosId, room });
      // A question is answered once: by the ack if the client asked for one, else by an event.
      if (ack) ack(reply?.data ?? { success: true, sosId: payload.sosId });
      else if (reply) socket.emit(reply.event, reply.data);
    } catch (failure) {
      const error = failure instanceof BadRequest
        ? { code: failure.code, message: failure.message }
        : { code: 'INTERNAL_ERROR', message: 'the request could not be handled' };
      if (!(failure instanceof BadRequest)) console.error(failure);
      ways.errorAudience(io, socket).emit('error', error);
      // The error event is the answer; the ack only frees a caller who is waiting for it.
      if (ack) ack({ success: false, ...error });
    }
  }

  function join({ socket, payload, room }) {
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
    const known = socket.data.details.get(room);
    socket.data.details.set(room, { ...known, ...given({ userType, displayName }) });
  }

  const handlers = {
    'sos:room:join': join,
    'sos:init': join,
    'sos:room:leave': ({ socket, room }) => leave(socket, room),
    // What closing an SOS means for others is not the realtime service's to say: the status
    // broadcast tells them. Here the socket just leaves.
    'sos:close': ({ socket, room }) => leave(socket, room),

    'message:typing:start'({ socket, payload, sosId, room }) {
      const { displayName } = payload;
      demand(isName(displayName), 'INVALID_DISPLAY_NAME', 'displayName is missing');
      const { userId } = socket.data.identity;
      ways.typingAudience(io, socket, room)
        .emit('message:typing:start', { sosId, userId, displayName });
    },

    'message:typing:stop'({ socket, sosId, room }) {
      const { userId } = socket.data.identity;
      ways.typingAudience(io, socket, room).emit('message:typing:stop', { sosId, userId });
    },

    'message:history:request'({ payload, sosId }) {
      const bounds = page(payload.skip, payload.limit);
      demand(bounds, 'INVALID_PAGINATION', 'limit must be 1 to 50, and skip 0 or more');
      return {
        event: 'message:history:response',
        data: { sosId, ...store.history(sosId, bounds), timestamp: Date.now() },
      };
    },

    'participants:active:request'({ sosId, room }) {
      const participants = socketsIn(io, room).map((member) => ({
        userId: member.data.identity.userId,
        userType: member.data.identity.userType,
        ...member.data.details.get(room), // displayName, and a userType said on joining
        socketId: member.id,
        connectedAt: new Date(member.handshake.issued).toISOString(),
      }));
      return {
        event: 'participants:active:response',
        data: { sosId, participants, count: participants.length, timestamp: Date.now() },
      };
    },

    'sos:status:update'({ socket, payload, sosId, room }) {
      const { status } = payload;
      demand(STATUSES.has(status), 'INVALID_STATUS_DATA', 'status is missing or unknown');
      const updatedBy = socket.data.identity.userId;
      io.to(room)
        .emit('sos:status:broadcast', { sosId, status, updatedBy, timestamp: Date.now() });
    },

    'location:update'({ socket, payload, sosId, room }) {
      const { latitude, longitude, accuracy, deviceId } = payload;
      demand(
        isNumberWithin(latitude, -90, 90) && isNumberWithin(longitude, -180, 180)
          && isNumberWithin(accuracy, 0, Infinity)
          && optional(deviceId, (value) => typeof value === 'string'),
        'INVALID_LOCATION', 'latitude, longitude or accuracy is missing or out of range',
      );
      io.to(room).emit('location:broadcast', {
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
