// The internal calls, by which the SOS service has the realtime service tell a room.

import { Refusal } from './http.js';

const SENDERS = ['CITIZEN', 'SOS_ADMIN', 'RESCUER', 'SYSTEM'];
const TEXTS = ['id', 'sosId', 'senderDisplayName', 'content', 'createdAt'];

export const roomOf = (sosId) => `sos:${sosId}`;

/** What everybody in the room gets of a message, in the form of `{sosId, message}`. */
export function broadcastMessage(io, { sosId, message }) {
  const { id, senderType, senderId, senderDisplayName, contentType, content, createdAt, options } = message;
  io.to(roomOf(sosId)).emit('message:broadcast', {
    id,
    sosId: message.sosId,
    senderType,
    senderId: senderId || null,
    senderDisplayName,
    contentType,
    content,
    createdAt,
    timestamp: Date.now(),
    options: options || {},
  });
}

export function broadcastJoined(io, { sosId, userId, userType, displayName, joinedAt }) {
  io.to(roomOf(sosId)).emit('participant:joined', {
    sosId, userId, userType, displayName, joinedAt, timestamp: Date.now(),
  });
}

/** Tells the room, and takes that user's sockets out of it. */
export async function broadcastLeft(io, { sosId, userId, leftAt }) {
  io.to(roomOf(sosId)).emit('participant:left', { sosId, userId, leftAt, timestamp: Date.now() });
  for (const member of await io.in(roomOf(sosId)).fetchSockets()) {
    if (member.data.userId === userId) member.leave(roomOf(sosId));
  }
}

function demandText(name, value) {
  if (value === undefined) throw new Refusal(400, `"${name}" is required`);
  if (typeof value !== 'string') throw new Refusal(400, `"${name}" must be a string`);
  if (value === '') throw new Refusal(400, `"${name}" is not allowed to be empty`);
}

function demandOneOf(name, value, allowed) {
  if (value === undefined) throw new Refusal(400, `"${name}" is required`);
  if (!allowed.includes(value)) throw new Refusal(400, `"${name}" must be one of [${allowed.join(', ')}]`);
}

function demandMessage(message) {
  if (typeof message !== 'object' || message === null) throw new Refusal(400, '"message" is required');
  for (const name of TEXTS.slice(0, 2)) demandText(`message.${name}`, message[name]);
  demandOneOf('message.senderType', message.senderType, SENDERS);
  if (message.senderId !== undefined && message.senderId !== null) demandText('message.senderId', message.senderId);
  for (const name of TEXTS.slice(2)) demandText(`message.${name}`, message[name]);
  demandOneOf('message.contentType', message.contentType, ['text', 'system']);
  if (Number.isNaN(Date.parse(message.createdAt))) throw new Refusal(400, '"message.createdAt" must be a valid date');
}

/** Their routes. */
export function internalCalls(io, token) {
  const ok = (message) => ({ status: 200, body: { success: true, message } });

  function demandToken({ headers }) {
    if (headers['x-internal-token'] !== token) throw new Refusal(401, 'Unauthorized: invalid internal token');
  }

  function demandInternal({ headers }) {
    if (headers['x-internal-request'] !== 'true') throw new Refusal(403, 'Forbidden: internal requests only');
  }

  return [
    ['POST', '/internal/messaging/broadcast', ({ req, body }) => {
      demandToken(req);
      demandText('sosId', body.sosId);
      demandMessage(body.message);
      broadcastMessage(io, body);
      return ok('Message broadcasted successfully');
    }],
    ['POST', '/internal/participants/joined', ({ req, body }) => {
      demandInternal(req);
      for (const name of ['sosId', 'userId', 'userType']) demandText(name, body[name]);
      broadcastJoined(io, { ...body, joinedAt: body.joinedAt ?? new Date().toISOString() });
      return ok('Participant joined event broadcasted');
    }],
    ['POST', '/internal/participants/left', async ({ req, body }) => {
      demandInternal(req);
      for (const name of ['sosId', 'userId']) demandText(name, body[name]);
      await broadcastLeft(io, { ...body, leftAt: body.leftAt ?? new Date().toISOString() });
      return ok('Participant left event broadcasted');
    }],
    ['POST', '/internal/realtime/sos/:sosId/status', ({ req, params: { sosId }, body }) => {
      demandToken(req);
      const { status, updatedBy } = body;
      io.to(roomOf(sosId)).emit('sos:status:broadcast', { sosId, status, updatedBy, timestamp: Date.now() });
      return { status: 200, body: { success: true, data: status } };
    }],
    ['POST', '/internal/realtime/sos/:sosId/rescuers/location', ({ req, params: { sosId }, body }) => {
      demandToken(req);
      const { rescuerId, latitude, longitude, accuracy } = body;
      const location = { latitude, longitude, accuracy };
      io.to(roomOf(sosId)).emit('rescuer:location:broadcast', { rescuerId, location, sosId, isArrived: false });
      return ok('Rescuer location upserted successfully');
    }],
    // What a location update asks before it is handled: whether there is such an SOS.
    ['GET', '/internal/sos/:sosId/verify', () => ok('the SOS exists')],
  ];
}
