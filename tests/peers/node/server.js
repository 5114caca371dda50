// The SOS realtime service as the guide documents it, on the official Socket.IO server:
//
//   node server.js --port 0 [--host 127.0.0.1] [--jwt-key SECRET] [--lie NAME] [--exit-with-stdin]
//
// Once it listens it prints one line, {"url":"http://127.0.0.1:PORT"}, and nothing else on stdout.

import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { Server } from 'socket.io';
import { authenticator } from './auth.js';
import { httpListener } from './http.js';
import { LIE_NAMES, behaviour } from './lies.js';
import { serveSockets } from './sockets.js';
import { Store } from './store.js';

function usageError(message) {
  console.error(`server.js: ${message}`);
  console.error('options: --port N --host ADDRESS --jwt-key SECRET --lie NAME --exit-with-stdin');
  console.error(`lies: ${LIE_NAMES.join(', ')}`);
  process.exit(2);
}

function readOptions() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        'port': { type: 'string', default: '0' },
        'host': { type: 'string', default: '127.0.0.1' },
        'jwt-key': { type: 'string' },
        'lie': { type: 'string' },
        'exit-with-stdin': { type: 'boolean', default: false },
      },
    }));
  } catch (failure) {
    usageError(failure.message);
  }
  const port = /^\d+$/.test(values.port) ? Number(values.port) : NaN;
  if (!(port <= 65535)) usageError(`--port ${values.port}: not a port`);
  if (values.host === '') usageError('--host is empty');
  if (values['jwt-key'] === '') usageError('--jwt-key is empty');
  if (values.lie !== undefined && !LIE_NAMES.includes(values.lie)) {
    usageError(`--lie ${values.lie}: no such lie`);
  }
  return { ...values, port };
}

const options = readOptions();
const ways = behaviour(options.lie);
const store = new Store();
const authenticate = authenticator(options['jwt-key']);

const server = createServer(
  // Idle connections live long, so that a client never reuses one in the moment it is closed.
  { keepAlive: true, keepAliveTimeout: 65_000, headersTimeout: 70_000 },
  httpListener({ io: () => io, ways, store, authenticate }),
);
const io = new Server(server, {
  serveClient: false,
  // Room for several requests near 1 MB in one polling body: at the default of 1 MB, Engine.IO
  // closes the connection on them, and a request must not cost a client its connection.
  maxHttpBufferSize: 16 * 1024 * 1024,
});
serveSockets({ io, ways, store, authenticate });

server.on('error', (failure) => {
  console.error(`server.js: ${failure.message}`);
  process.exit(1);
});
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
if (options['exit-with-stdin']) {
  for (const event of ['end', 'error', 'close']) process.stdin.on(event, stop);
  process.stdin.resume();
}
