// The internal calls: other services, which store messages and participants themselves, have this
// one tell the room of them. Nothing is stored, and no JWT is asked for.

import { createHash, timingSafeEqual } from 'node:crypto';
import {
  CONTENT_TYPES, STATUSES, TYPE_OF_SENDER, USER_TYPES, given, isContent, isMoment, isName, isObject, optional,
} from './contract.js';
import { HttpError, demand, readObject } from './requests.js';

const isText = (value) => typeof value === 'string';

/** Each field with what it must be; a missing one is refused unless the check lets it be missing. */
function demandFields(object, where, checks) {
  for (const [name, check] of Object.entries(checks)) {
    demand(check(object[name]), `${where}${name} is missing or not valid`);
  }
}

const maybe = (check) => (value) => optional(value, check);

const MESSAGE = {
  id: isName,
  senderType: (value) => TYPE_OF_SENDER.has(value),
  senderId: (value) => value === undefined || value === null || isText(value),
  senderDisplayName: isName,
  contentType: (value) => CONTENT_TYPES.has(value),
  content: isContent,
  createdAt: isMoment,
  options: maybe(isObject),
};

const JOINED = {
  sosId: isName,
  userId: isName,
  userType: (value) => USER_TYPES.has(value),
  displayName: maybe(isText),
  joinedAt: maybe(isMoment),
};

const LEFT = { sosId: isName, userId: isName, leftAt: maybe(isMoment) };

const STATUS = {
  status: (value) => STATUSES.has(value),
  updatedBy: maybe(isText),
  oldStatus: maybe(isText),
};

const digest = (text) => createHash('sha256').update(text).digest();

/** Their routes: method, path, handler, and who may call. */
export function internalRoutes({ io, ways, token }) {
  const secret = digest(token);

  function holdsToken({ headers }) {
    if (!timingSafeEqual(digest(headers['x-internal-token'] ?? ''), secret)) {
      throw new HttpError(401, 'x-internal-token is missing or wrong');
    }
  }

  function saysInternal({ headers }) {
    if (headers['x-internal-request'] !== 'true') {
      throw new HttpError(401, 'x-internal-request is not true');
    }
  }

  const tell = (sosId, event, payload) => ({
    status: 200,
    body: { success: true },
    announce: () => io().to(ways.audienceOf(sosId)).emit(event, payload),
  });

  async function broadcastMessage({ req }) {
    const { sosId, message } = await readObject(req);
    demandFields({ sosId, message }, '', { sosId: isName, message: isObject });
    demandFields(message, 'message.', {
      ...MESSAGE,
      sosId: maybe((value) => value === sosId), // said already, but it must not be another one
    });
    const {
      id, senderType, senderId = null, senderDisplayName, contentType, content, createdAt, options,
    } = message;
    return tell(sosId, ways.messageEvent, {
      id, sosId, senderType: TYPE_OF_SENDER.get(senderType), senderId, senderDisplayName, contentType, content, createdAt,
      ...given({ options }),
      timestamp: Date.parse(createdAt),
    });
  }

  async function participantJoined({ req }) {
    const body = await readObject(req);
    demandFields(body, '', JOINED);
    const { sosId, userId, userType, displayName = '', joinedAt = new Date().toISOString() } = body;
    return tell(sosId, 'participant:joined:broadcast', { sosId, userId, userType, displayName, joinedAt });
  }

  async function participantLeft({ req }) {
    const body = await readObject(req);
    demandFields(body, '', LEFT);
    const { sosId, userId, leftAt = new Date().toISOString() } = body;
    return tell(sosId, 'participant:left:broadcast', { sosId, userId, leftAt });
  }

  async function statusChanged({ req, params: { sosId } }) {
    const body = await readObject(req);
    demandFields(body, '', STATUS);
    const { status, updatedBy } = body;
    return tell(sosId, 'sos:status:broadcast', {
      sosId, status, ...given({ updatedBy }), timestamp: Date.now(),
    });
  }

  return [
    ['POST', '/internal/messaging/broadcast', broadcastMessage, holdsToken],
    ['POST', '/internal/participants/joined', participantJoined, saysInternal],
    ['POST', '/internal/participants/left', participantLeft, saysInternal],
    ['POST', '/internal/realtime/sos/:sosId/status', statusChanged, holdsToken],
  ];
}
