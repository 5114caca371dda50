// What the tests share: running peers, their clients, and facts to wait for.

import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { io as connect } from 'socket.io-client';

export const SERVER = fileURLToPath(new URL('../server.js', import.meta.url));
const DEADLINE = 10_000;

// What a failed test has left running would keep all the tests from ending.
const running = new Set();
after(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** A child process that does not outlive the tests. */
export function run(command, args, options = {}) {
  const child = spawn(command, args, options);
  running.add(child);
  child.on('close', () => running.delete(child));
  return child;
}

export function within(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`deadline passed: ${what}`)), DEADLINE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** A running peer; `stop` ends it and gives its exit code, signal and everything it printed. */
export async function start(...args) {
  const child = run(process.execPath, [SERVER, '--port', '0', '--exit-with-stdin', ...args]);
  const lines = [];
  let stderr = '';
  child.stderr.on('data', (data) => { stderr += data; });
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  const exited = once(child, 'close');
  await within(Promise.race([once(reader, 'line'), exited]), 'the listening line');
  if (lines.length === 0) throw new Error(`the peer has ended: ${stderr}`);
  const { url } = JSON.parse(lines[0]);
  const clients = [];
  return {
    url, child, lines,
    get stderr() { return stderr; },

    /** A connected client that keeps every event it gets in `seen`, as [name, payload]. */
    async client({ transport = 'websocket', token, auth = token ? { token } : {}, namespace = '' } = {}) {
      const socket = connect(url + namespace, {
        transports: [transport], forceNew: true, reconnection: false, auth,
      });
      clients.push(socket);
      const seen = [];
      const waiting = new Set();
      socket.onAny((...event) => {
        seen.push(event);
        for (const check of waiting) check();
      });
      await within(new Promise((resolve, reject) => {
        socket.on('connect', resolve);
        socket.on('connect_error', reject);
      }), 'connect');
      return {
        socket, seen,
        emit: (...event) => socket.emit(...event),
        ask: (...event) => within(socket.emitWithAck(...event), `ack of ${event[0]}`),
        /** The payloads of all events of one name so far. */
        all: (name) => seen.filter(([n]) => n === name).map(([, payload]) => payload),
        /** The arguments of the first event of one name that is `wanted`, when it has come. */
        next: (name, wanted = () => true) => within(new Promise((resolve) => {
          const check = () => {
            const found = seen.find(([n, ...rest]) => n === name && wanted(...rest));
            if (found) { waiting.delete(check); resolve(found.slice(1)); }
          };
          waiting.add(check);
          check();
        }), name),
        clear: () => { seen.length = 0; },
        /** After this, all that the server had sent to this client before has arrived. */
        fence: () => within(socket.emitWithAck('participants:active:request', { sosId: 'fence' }), 'fence'),
      };
    },

    async call(method, path, body, headers = {}) {
      const response = await within(fetch(url + path, {
        method,
        headers,
        body: body === undefined || typeof body === 'string' || Buffer.isBuffer(body)
          ? body : JSON.stringify(body),
      }), `${method} ${path}`);
      return { status: response.status, body: await response.json(), headers: response.headers };
    },

    /** Ends the peer, and is content with nothing but a proper end. */
    async end() {
      const { code, signal } = await this.stop();
      if (code !== 0) throw new Error(`the peer ended with ${code ?? signal}: ${stderr}`);
    },

    async stop(how = () => child.kill('SIGTERM')) {
      for (const socket of clients) socket.disconnect();
      how();
      const [code, signal] = await within(exited, 'exit');
      return { code, signal, lines, stderr };
    },
  };
}

export const SAY = { senderDisplayName: 'Ana', content: 'hello' };
export const HERE = { latitude: 10.5, longitude: -66.9, accuracy: 5 };
export const id = encodeURIComponent;

/** Every given client has received all that was sent for what the first ones did. */
export async function settle(...clients) {
  for (const client of clients) await client.fence();
  for (const client of clients) await client.fence();
}

export const fresh = (() => { let n = 0; return () => `SOS-2025-${String(n += 1).padStart(6, '0')}`; })();

export function jwt(claims, key, header = { alg: 'HS256', typ: 'JWT' }) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part(header)}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

/** A Redis of one's own that keeps nothing. It can be ended, and begun again at the same address. */
export async function startRedis() {
  const folder = await mkdtemp(join(tmpdir(), 'sos-peer-redis-'));
  const port = await freePort();
  let child;
  async function begin() {
    const words = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--dir', folder];
    child = run('redis-server', words, { stdio: ['ignore', 'pipe', 'inherit'] });
    const reader = createInterface({ input: child.stdout });
    await within(new Promise((resolve, reject) => {
      reader.on('line', (line) => line.includes('Ready to accept connections') && resolve());
      child.on('error', reject);
      child.on('close', () => reject(new Error('redis-server has ended')));
    }), 'redis-server');
  }
  async function kill() {
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await within(closed, 'the end of redis-server');
  }
  await begin();
  return {
    url: `redis://127.0.0.1:${port}`,
    begin,
    kill,
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
    async end() {
      if (child.exitCode === null && child.signalCode === null) await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Asks again until the answer is good, and gives that answer. */
export async function until(ask, isGood, what) {
  let isLate = false;
  const timer = setTimeout(() => { isLate = true; }, DEADLINE);
  try {
    for (;;) {
      const answer = await ask();
      if (isGood(answer)) return answer;
      if (isLate) throw new Error(`deadline passed: ${what}: ${JSON.stringify(answer)}`);
    }
  } finally {
    clearTimeout(timer);
  }
}

/** A run of the program to its end: its exit code, and what it said. */
export async function ended(...args) {
  const child = spawn(process.execPath, [SERVER, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => { stdout += data; });
  child.stderr.on('data', (data) => { stderr += data; });
  const [code] = await within(once(child, 'close'), 'exit');
  return { code, stdout, stderr };
}
