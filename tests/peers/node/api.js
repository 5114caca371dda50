// The documented HTTP calls: messages are created here and nowhere else, stored first and broadcast
// after.

import { CONTENT_TYPES, USER_TYPES, isContent, isName, page } from './contract.js';
import { HttpError, demand, queryNumber, readObject } from './requests.js';
import { detailsIn, dismiss, membersOf } from './sockets.js';

/** Their routes: method, path and handler of each. */
export function apiRoutes({ io, ways, store }) {
  async function postMessage({ req, params: { sosId }, identity }) {
    const { senderDisplayName, content, contentType = 'text' } = await readObject(req);
    demand(isName(senderDisplayName), 'senderDisplayName is missing or not a string');
    demand(isContent(content), 'content must be a string of 1 to 2000 characters');
    demand(CONTENT_TYPES.has(contentType), 'contentType must be text or system');

    const message = await store.create(sosId, {
      // The sender is who the token says, never what the body claims.
      senderType: identity?.userType ?? 'citizen',
      senderId: identity?.userId ?? null,
      senderDisplayName,
      contentType,
      content,
    }, { keep: ways.keepsMessages });
    return {
      status: 201,
      body: { success: true, data: message },
      announce: () => io().to(ways.audienceOf(sosId))
        .emit(ways.messageEvent, { ...message, timestamp: Date.parse(message.createdAt) }),
    };
  }

  async function listMessages({ params: { sosId }, query }) {
    const bounds = page(queryNumber(query, 'skip'), queryNumber(query, 'limit'));
    demand(bounds, 'skip must be 0 or more, and limit 1 to 50');
    const { messages, pagination } = await store.history(sosId, bounds);
    return { status: 200, body: { success: true, data: messages, pagination } };
  }

  async function readMessage({ params: { messageId } }) {
    const message = await store.message(messageId);
    if (!message) throw new HttpError(404, 'no such message');
    return { status: 200, body: { success: true, data: message } };
  }

  async function joinParticipant({ req, params: { sosId } }) {
    const { userId, userType, displayName = userId } = await readObject(req);
    demand(isName(userId), 'userId is missing or not a string');
    demand(USER_TYPES.has(userType), 'userType must be admin, rescuer or citizen');
    demand(typeof displayName === 'string', 'displayName must be a string');

    await store.enter(sosId, userId, { userType, displayName });
    const data = { sosId, userId, userType, displayName, joinedAt: new Date().toISOString() };
    return {
      status: 201,
      body: { success: true, data },
      announce: () => io().to(ways.audienceOf(sosId)).emit('participant:joined:broadcast', data),
    };
  }

  async function removeParticipant({ params: { sosId, userId } }) {
    const room = ways.roomOf(sosId);
    const entered = await store.remove(sosId, userId);
    const sockets = (await membersOf(io(), room)).filter(({ data }) => data.identity.userId === userId);
    if (!entered && sockets.length === 0) throw new HttpError(404, 'no such participant');

    const userType = entered?.userType
      ?? detailsIn(sockets[0], room)?.userType ?? sockets[0].data.identity.userType;
    const data = { sosId, userId, userType, leftAt: new Date().toISOString() };
    // Told first, removed after: the one who is removed learns of it too. And both before the
    // answer, as it takes time: whoever has the answer can rely on that user being out.
    io().to(ways.audienceOf(sosId)).emit('participant:left:broadcast', data);
    await dismiss(io(), room, sockets);
    return { status: 200, body: { success: true, data } };
  }

  return [
    ['GET', '/api/messages/message/:messageId', readMessage],
    ['POST', '/api/messages/:sosId', postMessage],
    ['GET', '/api/messages/:sosId', listMessages],
    ['POST', '/api/sos/:sosId/participants/join', joinParticipant],
    ['PATCH', '/api/sos/:sosId/participants/:userId/leave', removeParticipant],
  ];
}
