// The HTTP side: messages are created here and nowhere else, stored first and broadcast after.

import { AuthError, bearer } from './auth.js';
import { CONTENT_TYPES, USER_TYPES, isContent, isName, isObject, page } from './contract.js';
import { leave, socketsIn } from './sockets.js';

const MAX_BODY = 2 * 1024 * 1024;

class HttpError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

function demand(condition, message) {
  if (!condition) throw new HttpError(400, message);
}

/** The whole body of a request, as bytes. */
function readBody(req) {
  return new Promise((resolve, reject) => {
    let chunks = [];
    let size = 0;
    req.on('data', (chunk) => {
      size += chunk.length;
      if (size <= MAX_BODY) {
        chunks.push(chunk);
      } else {
        // Refused at once, but what still comes is read and dropped: closing on a client that is
        // still sending could reset the connection before the client has read the answer.
        chunks = [];
        reject(new HttpError(413, 'the body is larger than 2 MB'));
      }
    });
    req.on('end', () => resolve(Buffer.concat(chunks)));
    req.on('error', reject);
  });
}

async function readObject(req) {
  const bytes = await readBody(req);
  let value;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new HttpError(400, 'the body is not JSON');
  }
  demand(isObject(value), 'the body is not a JSON object');
  return value;
}

/** A number from the query: undefined when absent, NaN when it is not a plain whole number. */
function queryNumber(query, name) {
  const values = query.getAll(name);
  if (values.length === 0) return undefined;
  return values.length === 1 && /^\d+$/.test(values[0]) ? Number(values[0]) : NaN;
}

function send(res, status, body) {
  const bytes = Buffer.from(JSON.stringify(body));
  res.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': bytes.length,
    ...(status === 401 && { 'www-authenticate': 'Bearer' }),
  });
  res.end(bytes);
}

/** The request listener. `io` is a function, as the Socket.IO server is made after the listener. */
export function httpListener({ io, ways, store, authenticate }) {
  const routes = [
    ['GET', '/health', health],
    ['GET', '/api/messages/message/:messageId', readMessage],
    ['POST', '/api/messages/:sosId', postMessage],
    ['GET', '/api/messages/:sosId', listMessages],
    ['POST', '/api/sos/:sosId/participants/join', joinParticipant],
    ['PATCH', '/api/sos/:sosId/participants/:userId/leave', removeParticipant],
  ].map(([method, path, handler]) => ({ method, pattern: path.split('/'), handler }));

  /** The route for a method and path, with the parts of the path that are parameters, undecoded. */
  function find(method, path) {
    // Split before decoding, and without a URL parser: an encoded slash belongs to an id, and
    // an id made of dots is no step up the path.
    const parts = path.split('/');
    const route = routes.find(({ method: wanted, pattern }) =>
      wanted === method && pattern.length === parts.length
      && pattern.every((name, i) => (name[0] === ':' ? parts[i] !== '' : name === parts[i])));
    if (!route) throw new HttpError(404, 'no such route');
    const raw = route.pattern.flatMap((name, i) => (name[0] === ':' ? [[name.slice(1), parts[i]]] : []));
    return { handler: route.handler, raw };
  }

  function decodeParams(raw) {
    return Object.fromEntries(raw.map(([name, part]) => {
      let value;
      try {
        value = decodeURIComponent(part);
      } catch {
        throw new HttpError(400, `${name} is not properly percent-encoded`);
      }
      demand(isName(value), `${name} is missing`);
      return [name, value];
    }));
  }

  function health() {
    return { status: 200, body: { success: true, status: 'ok' } };
  }

  async function postMessage({ req, params: { sosId }, identity }) {
    const { senderDisplayName, content, contentType = 'text' } = await readObject(req);
    demand(isName(senderDisplayName), 'senderDisplayName is missing or not a string');
    demand(isContent(content), 'content must be a string of 1 to 2000 characters');
    demand(CONTENT_TYPES.has(contentType), 'contentType must be text or system');

    const message = store.draft(sosId, {
      // The sender is who the token says, never what the body claims.
      senderType: identity?.userType ?? 'citizen',
      senderId: identity?.userId ?? null,
      senderDisplayName,
      contentType,
      content,
    });
    if (ways.keepsMessages) store.keep(message);
    return {
      status: 201,
      body: { success: true, data: message },
      announce: () => io().to(ways.roomOf(sosId))
        .emit(ways.messageEvent, { ...message, timestamp: Date.parse(message.createdAt) }),
    };
  }

  function listMessages({ params: { sosId }, query }) {
    const bounds = page(queryNumber(query, 'skip'), queryNumber(query, 'limit'));
    demand(bounds, 'skip must be 0 or more, and limit 1 to 50');
    const { messages, pagination } = store.history(sosId, bounds);
    return { status: 200, body: { success: true, data: messages, pagination } };
  }

  function readMessage({ params: { messageId } }) {
    const message = store.message(messageId);
    if (!message) throw new HttpError(404, 'no such message');
    return { status: 200, body: { success: true, data: message } };
  }

  async function joinParticipant({ req, params: { sosId } }) {
    const { userId, userType, displayName = userId } = await readObject(req);
    demand(isName(userId), 'userId is missing or not a string');
    demand(USER_TYPES.has(userType), 'userType must be admin, rescuer or citizen');
    demand(typeof displayName === 'string', 'displayName must be a string');

    store.enter(sosId, userId, { userType, displayName });
    const data = { sosId, userId, userType, displayName, joinedAt: new Date().toISOString() };
    return {
      status: 201,
      body: { success: true, data },
      announce: () => io().to(ways.roomOf(sosId)).emit('participant:joined:broadcast', data),
    };
  }

  function removeParticipant({ params: { sosId, userId } }) {
    const room = ways.roomOf(sosId);
    const sockets = socketsIn(io(), room)
      .filter((socket) => socket.data.identity.userId === userId);
    const entered = store.remove(sosId, userId);
    if (!entered && sockets.length === 0) throw new HttpError(404, 'no such participant');

    const userType = entered?.userType
      ?? sockets[0].data.details.get(room)?.userType ?? sockets[0].data.identity.userType;
    const data = { sosId, userId, userType, leftAt: new Date().toISOString() };
    return {
      status: 200,
      body: { success: true, data },
      announce: () => {
        // Told first, removed after: the one who is removed learns of it too.
        io().to(room).emit('participant:left:broadcast', data);
        for (const socket of sockets) leave(socket, room);
      },
    };
  }

  async function handle(req) {
    const [path, search = ''] = req.url.split(/\?(.*)/s);
    const { handler, raw } = find(req.method, path);
    let identity = null;
    if (handler !== health) {
      try {
        identity = authenticate(bearer(req.headers.authorization));
      } catch (failure) {
        throw failure instanceof AuthError ? new HttpError(401, failure.message) : failure;
      }
    }
    return handler({ req, params: decodeParams(raw), query: new URLSearchParams(search), identity });
  }

  return async (req, res) => {
    try {
      const { status, body, announce } = await handle(req);
      send(res, status, body);
      // In the same turn as the answer: whoever has the answer can rely on the broadcast being out.
      announce?.();
    } catch (failure) {
      const known = failure instanceof HttpError;
      if (!known && !req.destroyed) console.error(failure);
      if (!res.headersSent) {
        send(res, known ? failure.status : 500, {
          success: false, error: known ? failure.message : 'the request could not be handled',
        });
      }
    }
  };
}
