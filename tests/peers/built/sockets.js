// The events as built. Handlers take their payload apart without looking: what that throws, a null for
// example, is answered with the event's own code, or not at all where it has none.

import { AuthError } from '../node/auth.js';
import { broadcastJoined, broadcastLeft, broadcastMessage, roomOf } from './internal.js';

const THROTTLE_MS = 1000;

/** What the geographic index takes: it holds no latitude near the poles. */
const MOST_LATITUDE = 85.05112878;
const MOST_LONGITUDE = 180;

class Refused extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

function demand(condition, code, message) {
  if (!condition) throw new Refused(code, message);
}

const demandSos = ({ sosId }) => demand(sosId, 'INVALID_SOS_ID', 'SOS ID is required');
const demandPlace = ({ latitude, longitude }) =>
  // 0 is taken for missing.
  demand(latitude && longitude, 'INVALID_LOCATION', 'Invalid location data');

function index({ latitude, longitude }) {
  if (Math.abs(latitude) > MOST_LATITUDE || Math.abs(longitude) > MOST_LONGITUDE) {
    throw new Error('invalid longitude,latitude pair');
  }
}

export function serveSockets(io, authenticate, url) {
  const lastLocation = new Map(); // socket id -> when its latest location was let through, in ms

  io.use((socket, next) => {
    try {
      const identity = authenticate(socket.handshake.auth?.token);
      Object.assign(socket.data, identity ?? { userId: `anonymous-${socket.id}`, userType: 'citizen' });
      socket.data.role = socket.data.userType;
      delete socket.data.userType; // until it joins, and says what it is there
      next();
    } catch (failure) {
      next(failure instanceof AuthError ? new Error(`AUTHENTICATION_ERROR: ${failure.message}`) : failure);
    }
  });

  io.on('connection', (socket) => {
    for (const [event, [handler, code]] of Object.entries(events(io, socket, lastLocation, url))) {
      socket.on(event, async (payload) => {
        try {
          await handler(payload);
        } catch (failure) {
          const told = failure instanceof Refused ? failure.code : code;
          if (told) socket.emit('error', { code: told, message: failure.message });
        }
      });
    }
    socket.on('disconnect', () => lastLocation.delete(socket.id));
  });
}

/** Each event's handler, and the code of the error that anything unforeseen in it is answered with. */
function events(io, socket, lastLocation, url) {
  const { userId, role } = socket.data;
  const now = () => Date.now();

  return {
    'sos:room:join': [(data) => {
      const { sosId, userType, displayName } = data;
      demandSos(data);
      socket.join(roomOf(sosId));
      Object.assign(socket.data, { userType, displayName });
      socket.to(roomOf(sosId)).emit('sos:room:joined', {
        userId, sosId, userType, displayName, socketId: socket.id, timestamp: now(),
      });
    }, 'ROOM_JOIN_ERROR'],

    'sos:room:leave': [({ sosId }) => {
      if (!sosId) return;
      socket.leave(roomOf(sosId));
      io.to(roomOf(sosId)).emit('sos:room:left', { userId, sosId, socketId: socket.id, timestamp: now() });
    }],

    'sos:init': [(data) => {
      demandSos(data);
      const { sosId } = data;
      socket.join(roomOf(sosId));
      io.to(roomOf(sosId)).emit('sos:init', { userId, sosId, action: 'user_joined', timestamp: now() });
    }, 'SOS_INIT_ERROR'],

    'sos:close': [(data) => {
      demandSos(data);
      const { sosId } = data;
      io.to(roomOf(sosId)).emit('sos:close', { sosId, closedBy: userId, timestamp: now() });
      socket.leave(roomOf(sosId));
    }, 'SOS_CLOSE_ERROR'],

    'sos:status:update': [({ sosId, status }) => {
      demand(sosId && status, 'INVALID_STATUS_DATA', 'SOS ID and status are required');
      io.to(roomOf(sosId)).emit('sos:status:broadcast', { sosId, status, updatedBy: userId, timestamp: now() });
    }, 'STATUS_UPDATE_ERROR'],

    'message:broadcast': [(data) => {
      demand(data.sosId && data.message, 'INVALID_MESSAGE_DATA', 'SOS ID and message are required');
      broadcastMessage(io, data);
    }, 'MESSAGE_BROADCAST_ERROR'],

    'message:typing:start': [(data) => {
      const { sosId, displayName } = data;
      demandSos(data);
      socket.to(roomOf(sosId)).emit('message:typing:broadcast', { userId, displayName, sosId, timestamp: now() });
    }],

    'message:typing:stop': [({ sosId }) => {
      if (!sosId) return;
      socket.to(roomOf(sosId)).emit('message:typing:stopped', { userId, sosId, timestamp: now() });
    }],

    'message:history:request': [(data) => {
      demandSos(data);
      const message = 'Please fetch messages via HTTP GET /api/messages/{sosId}';
      socket.emit('message:history:response', { sosId: data.sosId, message, timestamp: now() });
    }, 'HISTORY_REQUEST_ERROR'],

    'participant:joined:broadcast': [(data) => {
      demand(data.sosId && data.userId, 'INVALID_PARTICIPANT_DATA', 'SOS ID and User ID are required');
      broadcastJoined(io, data);
    }, 'PARTICIPANT_BROADCAST_ERROR'],

    'participant:left:broadcast': [async (data) => {
      demand(data.sosId && data.userId, 'INVALID_PARTICIPANT_DATA', 'SOS ID and User ID are required');
      await broadcastLeft(io, data);
    }, 'PARTICIPANT_LEFT_ERROR'],

    'participants:active:request': [async (data) => {
      demandSos(data);
      const { sosId } = data;
      const participants = (await io.in(roomOf(sosId)).fetchSockets()).map((member) => ({
        userId: member.data.userId,
        displayName: member.data.displayName,
        userType: member.data.userType,
        socketId: member.id,
        connectedAt: now(),
      }));
      socket.emit('participants:active:response', {
        sosId, participants, count: participants.length, timestamp: now(),
      });
    }, 'PARTICIPANTS_FETCH_ERROR'],

    'location:update': [async (data) => {
      const { sosId, latitude, longitude, accuracy, deviceId } = data;
      if (sosId) await fetch(`${url()}/internal/sos/${encodeURIComponent(sosId)}/verify`).then((answer) => answer.text());
      if (now() - (lastLocation.get(socket.id) ?? 0) < THROTTLE_MS) return;
      lastLocation.set(socket.id, now());
      demandPlace(data);
      io.to(roomOf(sosId)).emit('location:broadcast', {
        userId, sosId, latitude, longitude, accuracy, timestamp: now(), deviceId,
      });
      index(data);
    }, 'LOCATION_UPDATE_ERROR'],

    'rescuer:location': [(data) => {
      const { sosId, latitude, longitude, accuracy, rescuerArrived } = data;
      demand(role === 'rescuer', 'UNAUTHORIZED', 'Only rescuers can send rescuer location updates');
      demandPlace(data);
      io.to(roomOf(sosId)).emit('rescuer:location:broadcast', {
        rescuerId: userId, sosId, latitude, longitude, accuracy, timestamp: now(), rescuerArrived: rescuerArrived || false,
      });
    }, 'RESCUER_LOCATION_ERROR'],

    'heartbeat': [() => socket.emit('heartbeat:ack', { timestamp: now() })],
    'ping': [() => socket.emit('pong')],
  };
}
