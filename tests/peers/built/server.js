// The SOS realtime service as it was built and published, on the official Socket.IO server:
//
//   node server.js --port 0 [--api] [--polling dies|refused|works]
//
//   --jwt-key SECRET | --jwt-public-key FILE   verify tokens: HS256, or RS256 by the PEM
//   --internal-token SECRET                    what `x-internal-token` must be (internal-secret-key)
//   --api                                      the BFF's documented HTTP API too, in the same process
//   --polling dies      as published: a polling request is answered 404 by the HTTP framework, and by
//                       Engine.IO once more about 2 s later, of which the process dies
//             refused   as deployed behind a proxy: 404 to all but websocket upgrades
//             works     as Socket.IO does by itself
//
// Once it listens it prints one line, {"url":"http://127.0.0.1:PORT"}, and nothing else on stdout.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { Server } from 'socket.io';
import { authenticator, publicKey, secretKey } from '../node/auth.js';
import { api } from './api.js';
import { listener, notFound } from './http.js';
import { internalCalls } from './internal.js';
import { serveSockets } from './sockets.js';

/** How long the second answer to a polling request takes, in milliseconds. */
const SECOND_ANSWER_MS = 2000;

const { values: options } = parseArgs({
  options: {
    'port': { type: 'string', default: '0' },
    'jwt-key': { type: 'string' },
    'jwt-public-key': { type: 'string' },
    'internal-token': { type: 'string', default: 'internal-secret-key' },
    'api': { type: 'boolean', default: false },
    'polling': { type: 'string', default: 'dies' },
  },
});
if (!['dies', 'refused', 'works'].includes(options.polling)) {
  console.error('server.js: --polling is one of dies, refused, works');
  process.exit(2);
}

function keyOf({ 'jwt-key': secret, 'jwt-public-key': file }) {
  if (secret !== undefined) return secretKey(secret);
  return file === undefined ? undefined : publicKey(readFileSync(file));
}

/** Has the HTTP framework answer polling requests before, or instead of, Engine.IO. */
function spoilPolling(server, answersTwice) {
  const [engine] = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (req, res) => {
    if (!req.url.startsWith('/socket.io/')) return engine(req, res);
    notFound(req, res);
    if (answersTwice) setTimeout(() => engine(req, res), SECOND_ANSWER_MS);
  });
}

const authenticate = authenticator({ key: keyOf(options) });
const server = createServer({ keepAliveTimeout: 65_000 });
const url = () => `http://127.0.0.1:${server.address().port}`;
const routes = [['GET', '/health', () => ({ status: 200, body: { status: 'ok' } })]];
server.on('request', listener(routes));
const io = new Server(server, { serveClient: false });
routes.push(...internalCalls(io, options['internal-token']));
if (options.api) routes.push(...api(io, authenticate));
serveSockets(io, authenticate, url);
if (options.polling !== 'works') spoilPolling(server, options.polling === 'dies');

server.listen(Number(options.port), '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ url: url() })}\n`);
});
