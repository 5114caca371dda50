// The SOS realtime service as the guide documents it, on the official Socket.IO server:
//
//   node server.js --port 0 [--host 127.0.0.1] [--lie NAME] [--exit-with-stdin]
//
//   --jwt-key SECRET | --jwt-public-key FILE   verify tokens: HS256, or RS256 or ES256 by the PEM
//   --jwt-issuer NAME --jwt-audience NAME      ... whose iss and aud must be these
//   --redis URL                                share the store with other nodes, and join them by
//   --adapter classic|sharded|streams|none     ... this adapter (classic)
//   --room-template 'sos:{sosId}'              how rooms are named
//   --audience-template 'sos-{sosId}'          where broadcasts are sent, if not to the rooms that are joined
//   --admin [--admin-mode development|production] [--admin-user NAME --admin-password WORD]
//   --internal-token SECRET                    offer the internal calls
//   --no-api                                   offer no documented HTTP call but /health
//   --ping-interval MS                         as socket.io's option
//
// Once it listens it prints one line, {"url":"http://127.0.0.1:PORT"}, and nothing else on stdout.

import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { ALONE, joinNodes } from './adapters.js';
import { serveAdmin } from './admin.js';
import { authenticator } from './auth.js';
import { httpListener } from './http.js';
import { behaviour } from './lies.js';
import { readOptions } from './options.js';
import { complainer, connect } from './redis.js';
import { RedisStore } from './redis-store.js';
import { serveSockets } from './sockets.js';
import { Store } from './store.js';

/** The store, and what joins this node to others, if anything does. */
async function surroundings({ redis: url, adapter }) {
  if (url === undefined) return { store: new Store(), nodes: ALONE };
  const complain = complainer();
  const client = await connect(url, { complain });
  const nodes = await joinNodes(adapter, { url, client, complain });
  return { store: new RedisStore(client, complain), nodes };
}

function fail(failure) {
  console.error(`server.js: ${failure.message || failure.code}`);
  process.exit(1);
}

const options = readOptions();
const ways = behaviour(options.lie, options.roomTemplate, options.audienceTemplate);
const authenticate = authenticator(options.tokens);
const { store, nodes } = await surroundings(options).catch(fail);

const { hasApi, internalToken } = options;
const server = createServer(
  // Idle connections live long, so that a client never reuses one in the moment it is closed.
  { keepAlive: true, keepAliveTimeout: 65_000, headersTimeout: 70_000 },
  httpListener({ io: () => io, ways, store, authenticate, hasApi, internalToken }),
);
const io = new Server(server, {
  serveClient: false,
  // Room for several requests near 1 MB in one polling body: at the default of 1 MB, Engine.IO
  // closes the connection on them, and a request must not cost a client its connection.
  maxHttpBufferSize: 16 * 1024 * 1024,
  ...(options.pingInterval && { pingInterval: options.pingInterval }),
  ...(nodes.adapter && { adapter: nodes.adapter }),
});
serveSockets({ io, ways, store, authenticate, subscribed: nodes.subscribed });
if (options.admin) serveAdmin(io, options.admin);
await nodes.ready().catch(fail);

server.on('error', fail);
server.listen(options.port, options.host, () => {
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  process.stdout.write(`${JSON.stringify({ url: `http://${host}:${server.address().port}` })}\n`);
});

let stopping = false;
function stop() {
  if (stopping) return;
  stopping = true;
  io.close(() => process.exit(0)); // says goodbye to the sockets and stops listening
  // A client that hangs in the middle of a request or never answers the goodbye holds nothing up.
  setTimeout(() => process.exit(0), 1000);
}
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
if (options.exitsWithStdin) {
  for (const event of ['end', 'error', 'close']) process.stdin.on(event, stop);
  process.stdin.resume();
}
