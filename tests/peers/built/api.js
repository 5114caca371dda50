// The BFF and the SOS service behind it: the documented HTTP calls. What they change is stored first and
// told to the room by the realtime service.

import { randomBytes } from 'node:crypto';
import { AuthError, bearer } from '../node/auth.js';
import { Refusal } from './http.js';
import { broadcastJoined, broadcastLeft, broadcastMessage, roomOf } from './internal.js';

const SENDER_OF_TYPE = { admin: 'SOS_ADMIN', citizen: 'CITIZEN', rescuer: 'RESCUER' };
const MOST_PER_PAGE = 50;
const MOST_CHARACTERS = 2000;

function demand(condition, message) {
  if (!condition) throw new Refusal(400, message);
}

const isName = (value) => typeof value === 'string' && value !== '';
const done = (status, data) => ({ status, body: { success: true, data } });

function whole(query, name, otherwise) {
  const text = query.get(name) ?? String(otherwise);
  demand(/^\d+$/.test(text), `${name} must be a whole number`);
  return Number(text);
}

/** Their routes. */
export function api(io, authenticate) {
  const messages = []; // in the order of their createdAt
  const participants = new Map(); // `sosId userId` -> record

  function callerOf({ headers }) {
    try {
      return authenticate(bearer(headers.authorization)) ?? { userId: null, userType: 'citizen' };
    } catch (failure) {
      throw failure instanceof AuthError ? new Refusal(401, failure.message) : failure;
    }
  }

  function createMessage({ caller, params: { sosId }, body }) {
    const { senderDisplayName, content, contentType = 'text' } = body;
    demand(isName(senderDisplayName), 'senderDisplayName is required');
    demand(isName(content) && content.length <= MOST_CHARACTERS, `content must be 1 to ${MOST_CHARACTERS} characters`);
    demand(['text', 'system'].includes(contentType), 'contentType must be text or system');
    const message = {
      id: randomBytes(12).toString('hex'),
      sosId,
      senderType: SENDER_OF_TYPE[caller.userType],
      senderId: caller.userId,
      senderDisplayName,
      contentType,
      content,
      createdAt: new Date().toISOString(),
    };
    messages.push(message);
    broadcastMessage(io, { sosId, message });
    return done(201, message);
  }

  function listMessages({ params: { sosId }, query }) {
    const skip = whole(query, 'skip', 0);
    const limit = whole(query, 'limit', MOST_PER_PAGE);
    demand(limit >= 1 && limit <= MOST_PER_PAGE, `limit must be 1 to ${MOST_PER_PAGE}`);
    const own = messages.filter((message) => message.sosId === sosId);
    const pagination = { total: own.length, skip, limit };
    return { status: 200, body: { success: true, data: own.slice(skip, skip + limit), pagination } };
  }

  function readMessage({ params: { messageId } }) {
    const message = messages.find(({ id }) => id === messageId);
    if (!message) throw new Refusal(404, 'Message not found');
    return done(200, message);
  }

  function joinParticipant({ params: { sosId }, body }) {
    const { userId, userType, displayName } = body;
    demand(isName(userId), 'userId is required');
    demand(userType in SENDER_OF_TYPE, 'userType must be admin, rescuer or citizen');
    demand(displayName === undefined || typeof displayName === 'string', 'displayName must be a string');
    const record = { sosId, userId, userType, displayName, joinedAt: new Date().toISOString(), leftAt: null };
    participants.set(`${sosId} ${userId}`, record);
    broadcastJoined(io, record);
    return done(201, record);
  }

  async function leaveParticipant({ params: { sosId, userId } }) {
    const record = participants.get(`${sosId} ${userId}`);
    const members = await io.in(roomOf(sosId)).fetchSockets();
    if (!record && !members.some(({ data }) => data.userId === userId)) {
      throw new Refusal(404, 'Participant not found');
    }
    const left = { sosId, userId, leftAt: new Date().toISOString() };
    if (record) record.leftAt = left.leftAt;
    await broadcastLeft(io, left);
    return done(200, left);
  }

  const of = (sosId) => [...participants.values()].filter((one) => one.sosId === sosId);
  const active = ({ params: { sosId } }) => done(200, of(sosId).filter(({ leftAt }) => leftAt === null));
  const history = ({ params: { sosId } }) => done(200, of(sosId));
  const check = ({ params: { sosId, userId } }) =>
    done(200, { isActive: participants.get(`${sosId} ${userId}`)?.leftAt === null });

  return [
    ['GET', '/api/messages/message/:messageId', readMessage],
    ['POST', '/api/messages/:sosId', createMessage],
    ['GET', '/api/messages/:sosId', listMessages],
    ['POST', '/api/sos/:sosId/participants/join', joinParticipant],
    ['PATCH', '/api/sos/:sosId/participants/:userId/leave', leaveParticipant],
    ['GET', '/api/sos/:sosId/participants/active', active],
    ['GET', '/api/sos/:sosId/participants/history', history],
    ['GET', '/api/sos/:sosId/participants/:userId/check', check],
  ].map(([method, path, handler]) => [method, path, (call) => handler({ ...call, caller: callerOf(call.req) })]);
}
