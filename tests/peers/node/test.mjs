// The peer checked against the guide: every event and who receives it, errors, junk, HTTP, tokens
// and the lies. Nothing waits for time to pass: what must come is awaited with a deadline, and
// what must not come is proved absent by a round trip made after it would have been sent.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { after, describe, test } from 'node:test';
import { io as connect } from 'socket.io-client';

const SERVER = fileURLToPath(new URL('server.js', import.meta.url));
const DEADLINE = 10_000;

function within(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`deadline passed: ${what}`)), DEADLINE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** A running peer; `stop` ends it and gives its exit code, signal and everything it printed. */
async function start(...args) {
  const child = spawn(process.execPath, [SERVER, '--port', '0', '--exit-with-stdin', ...args]);
  const lines = [];
  let stderr = '';
  child.stderr.on('data', (data) => { stderr += data; });
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  const exited = once(child, 'close');
  await within(once(reader, 'line'), 'the listening line');
  const { url } = JSON.parse(lines[0]);
  const clients = [];
  return {
    url, child, lines,

    /** A connected client that keeps every event it gets in `seen`, as [name, payload]. */
    async client({ transport = 'websocket', token } = {}) {
      const socket = connect(url, {
        transports: [transport], forceNew: true, reconnection: false, auth: token ? { token } : {},
      });
      clients.push(socket);
      const seen = [];
      const waiting = new Set();
      socket.onAny((name, payload) => {
        seen.push([name, payload]);
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
        /** The first event of one name, when it has come. */
        next: (name) => within(new Promise((resolve) => {
          const check = () => {
            const found = seen.find(([n]) => n === name);
            if (found) { waiting.delete(check); resolve(found[1]); }
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

    async stop(how = () => child.kill('SIGTERM')) {
      for (const socket of clients) socket.disconnect();
      how();
      const [code, signal] = await within(exited, 'exit');
      return { code, signal, lines, stderr };
    },
  };
}

const SAY = { senderDisplayName: 'Ana', content: 'hello' };
const HERE = { latitude: 10.5, longitude: -66.9, accuracy: 5 };
const id = encodeURIComponent;

/** Every given client has received all that was sent for what the first ones did. */
async function settle(...clients) {
  for (const client of clients) await client.fence();
  for (const client of clients) await client.fence();
}

let peer;
const fresh = (() => { let n = 0; return () => `SOS-2025-${String(n += 1).padStart(6, '0')}`; })();

describe('honest, without a key', async () => {
  peer = await start();
  after(async () => {
    const { code, signal, lines, stderr } = await peer.stop();
    assert.deepEqual({ code, signal, lines: lines.length, stderr }, { code: 0, signal: null, lines: 1, stderr: '' });
  });

  for (const transport of ['websocket', 'polling']) {
    /** Two members of one SOS, and one of another. */
    async function three() {
      const sosId = fresh();
      const [a, b, other] = await Promise.all([1, 2, 3].map(() => peer.client({ transport })));
      assert.equal((await a.ask('sos:room:join', { sosId, userType: 'rescuer', displayName: 'Ana' })).success, true);
      await b.ask('sos:init', { sosId });
      await other.ask('sos:room:join', { sosId: `${sosId}0` });
      return { sosId, a, b, other };
    }

    describe(transport, () => {
      test('a message is stored, then broadcast once to the room alone', async () => {
        const { sosId, a, b, other } = await three();
        const { status, body } = await peer.call('POST', `/api/messages/${sosId}`, SAY);
        assert.equal(status, 201);
        await settle(a, b, other);
        for (const member of [a, b]) {
          const [message, ...more] = member.all('message:broadcast');
          assert.equal(more.length, 0);
          const { timestamp, ...rest } = message;
          assert.deepEqual(rest, body.data);
          assert.equal(timestamp, Date.parse(rest.createdAt));
          assert.equal(member.seen.length, 1);
        }
        assert.deepEqual(other.seen, []);
        assert.deepEqual(Object.keys(body.data).sort(), [
          'content', 'contentType', 'createdAt', 'id', 'senderDisplayName', 'senderId', 'senderType', 'sosId']);
        assert.match(body.data.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        assert.equal(body.data.senderType, 'citizen');
        assert.equal(body.data.senderId, null);
      });

      test('typing goes to the room but the sender', async () => {
        const { sosId, a, b, other } = await three();
        a.emit('message:typing:start', { sosId, displayName: 'Ana' });
        a.emit('message:typing:stop', { sosId });
        await settle(a, b, other);
        const userId = `anon-${a.socket.id}`;
        assert.deepEqual(b.seen, [
          ['message:typing:start', { sosId, userId, displayName: 'Ana' }],
          ['message:typing:stop', { sosId, userId }],
        ]);
        assert.deepEqual([...a.seen, ...other.seen], []);
      });

      test('status and location go to the room, the sender too', async () => {
        const { sosId, a, b, other } = await three();
        a.emit('sos:status:update', { sosId, status: 'en_route' });
        a.emit('location:update', { sosId, ...HERE, deviceId: 'd1' });
        a.emit('location:update', { sosId, latitude: 90, longitude: -180, accuracy: 0 });
        await settle(a, b, other);
        const userId = `anon-${a.socket.id}`;
        for (const member of [a, b]) {
          const names = member.seen.map(([name]) => name);
          assert.deepEqual(names, ['sos:status:broadcast', 'location:broadcast', 'location:broadcast']);
          for (const [, { timestamp }] of member.seen) assert.ok(Number.isInteger(timestamp));
          const [status, first, second] = member.seen.map(([, { timestamp, ...rest }]) => rest);
          assert.deepEqual(status, { sosId, status: 'en_route', updatedBy: userId });
          assert.deepEqual(first, { sosId, userId, ...HERE, deviceId: 'd1' });
          assert.deepEqual(second, { sosId, userId, latitude: 90, longitude: -180, accuracy: 0 });
        }
        assert.deepEqual(other.seen, []);
      });

      test('all nine statuses are known', async () => {
        const { sosId, a, b } = await three();
        const all = ['active', 'assigned', 'responding', 'en_route', 'arrived', 'resolved', 'completed', 'closed', 'cancelled'];
        for (const status of all) a.emit('sos:status:update', { sosId, status });
        await settle(a, b);
        assert.deepEqual(b.all('sos:status:broadcast').map(({ status }) => status), all);
      });

      test('leave, close and disconnect end the reception, and nothing comes from before a join', async () => {
        const { sosId, a, b, other } = await three();
        await a.ask('sos:room:leave', { sosId });
        await b.ask('sos:close', { sosId });
        await peer.call('POST', `/api/messages/${sosId}`, SAY);
        await other.ask('sos:room:join', { sosId });
        await settle(a, b, other);
        assert.deepEqual([...a.seen, ...b.seen, ...other.seen], []);
        other.socket.disconnect();
        await a.ask('sos:init', { sosId });
        // The server learns of a disconnect on its own connection: asked until it has.
        let count;
        do ({ count } = await a.ask('participants:active:request', { sosId })); while (count > 1);
        assert.equal(count, 1);
      });

      test('history: by ack alone or by event alone, with limit and skip', async () => {
        const { sosId, a, b } = await three();
        const posted = [];
        for (let i = 0; i < 4; i += 1) {
          posted.push((await peer.call('POST', `/api/messages/${sosId}`, { ...SAY, content: `m${i}` })).body.data);
        }
        await settle(a, b);
        a.clear(); b.clear();
        const { timestamp, ...reply } = await a.ask('message:history:request', { sosId, limit: 2, skip: 1 });
        assert.ok(Number.isInteger(timestamp));
        assert.deepEqual(reply, {
          sosId, messages: posted.slice(1, 3), pagination: { total: 4, skip: 1, limit: 2 } });
        await settle(a, b);
        assert.deepEqual(a.seen, []);
        a.emit('message:history:request', { sosId });
        await settle(a, b);
        assert.deepEqual(a.seen.map(([name, { messages }]) => [name, messages]), [['message:history:response', posted]]);
        assert.deepEqual(b.seen, []);
        assert.equal((await a.ask('message:history:request', { sosId, limit: 51 })).pagination.limit, 50);
        for (const bad of [{ limit: 0 }, { limit: 1.5 }, { limit: '5' }, { skip: -1 }, { skip: null }]) {
          assert.equal((await a.ask('message:history:request', { sosId, ...bad })).code, 'INVALID_PAGINATION');
        }
        assert.equal(a.all('error').length, 5);
      });

      test('active participants: by ack alone or by event alone', async () => {
        const { sosId, a, b } = await three();
        const reply = await b.ask('participants:active:request', { sosId });
        assert.equal(reply.sosId, sosId);
        assert.equal(reply.count, 2);
        assert.ok(Number.isInteger(reply.timestamp));
        const mine = reply.participants.find(({ socketId }) => socketId === a.socket.id);
        const { connectedAt, ...rest } = mine;
        assert.equal(new Date(connectedAt).toISOString(), connectedAt);
        assert.deepEqual(rest, {
          userId: `anon-${a.socket.id}`, userType: 'rescuer', displayName: 'Ana', socketId: a.socket.id });
        assert.equal(reply.participants.find(({ socketId }) => socketId === b.socket.id).userType, 'citizen');
        await settle(a, b);
        assert.deepEqual([...a.seen, ...b.seen], []);
        b.emit('participants:active:request', { sosId });
        await settle(a, b);
        assert.deepEqual(b.seen.map(([name, { count }]) => [name, count]), [['participants:active:response', 2]]);
        assert.deepEqual(a.seen, []);
      });

      test('participants join and leave over HTTP', async () => {
        const { sosId, a, b, other } = await three();
        const base = `/api/sos/${sosId}/participants`;
        const joined = await peer.call('POST', `${base}/join`, { userType: 'rescuer', userId: 'u 1/2', displayName: 'Eva' });
        assert.equal(joined.status, 201);
        const left = await peer.call('PATCH', `${base}/${id('u 1/2')}/leave`);
        assert.equal(left.status, 200);
        await settle(a, b, other);
        for (const member of [a, b]) {
          assert.deepEqual(member.seen, [
            ['participant:joined:broadcast', joined.body.data], ['participant:left:broadcast', left.body.data]]);
        }
        const { joinedAt, ...who } = joined.body.data;
        assert.deepEqual(who, { sosId, userId: 'u 1/2', userType: 'rescuer', displayName: 'Eva' });
        assert.deepEqual(other.seen, []);
        assert.equal((await peer.call('PATCH', `${base}/${id('u 1/2')}/leave`)).status, 404);
      });

      test('leaving over HTTP takes the sockets of that user out of the room', async () => {
        const { sosId, a, b } = await three();
        const userId = `anon-${a.socket.id}`;
        const left = await peer.call('PATCH', `/api/sos/${sosId}/participants/${userId}/leave`);
        assert.equal(left.body.data.userType, 'rescuer');
        await peer.call('POST', `/api/messages/${sosId}`, SAY);
        await settle(a, b);
        assert.deepEqual(a.seen.map(([name]) => name), ['participant:left:broadcast']);
        assert.deepEqual(b.seen.map(([name]) => name), ['participant:left:broadcast', 'message:broadcast']);
        assert.equal((await b.ask('participants:active:request', { sosId })).count, 1);
      });

      test('bad requests get an error alone, and stay connected', async () => {
        const { sosId, a, b } = await three();
        const requests = {
          'sos:room:join': { userType: 'citizen' },
          'sos:init': {},
          'sos:room:leave': {},
          'sos:close': {},
          'message:typing:start': { displayName: 'Ana' },
          'message:typing:stop': {},
          'message:history:request': {},
          'participants:active:request': {},
          'sos:status:update': { status: 'active' },
          'location:update': HERE,
        };
        let deep = 'deep';
        for (let i = 0; i < 500; i += 1) deep = [deep];
        const long = 'x'.repeat(1_000_000 - 200);
        const junk = [undefined, null, 42, true, 'text', long, [], [{ sosId }], deep, Buffer.from('bytes'), {},
          { sosId: null }, { sosId: '' }, { sosId: '  ' }, { sosId: 7 }, { sosId: [sosId] }, { sosId: deep }];
        let errors = 0;
        for (const [event, rest] of Object.entries(requests)) {
          a.emit(event);
          for (const payload of junk) {
            const isPlain = payload !== null && typeof payload === 'object' && !Array.isArray(payload) && !Buffer.isBuffer(payload);
            a.emit(event, isPlain ? { ...rest, ...payload } : payload);
          }
          errors += 1 + junk.length;
          await a.fence();
        }
        await settle(a, b);
        assert.deepEqual(new Set(a.seen.map(([name, { code, message }]) => `${name} ${code} ${typeof message}`)),
          new Set(['error INVALID_SOS_ID string']));
        assert.equal(a.seen.length, errors);
        assert.deepEqual(b.seen, []);
        assert.ok(a.socket.connected);
      });

      test('bad fields get the documented codes and are not relayed', async () => {
        const { sosId, a, b } = await three();
        const bad = [
          ['location:update', { ...HERE, latitude: 90.1 }, 'INVALID_LOCATION'],
          ['location:update', { ...HERE, longitude: -180.1 }, 'INVALID_LOCATION'],
          ['location:update', { ...HERE, accuracy: -1 }, 'INVALID_LOCATION'],
          ['location:update', { ...HERE, latitude: '10' }, 'INVALID_LOCATION'],
          ['location:update', { ...HERE, longitude: null }, 'INVALID_LOCATION'],
          ['location:update', { latitude: 1, longitude: 1 }, 'INVALID_LOCATION'],
          ['location:update', {}, 'INVALID_LOCATION'],
          ['sos:status:update', {}, 'INVALID_STATUS_DATA'],
          ['sos:status:update', { status: 'ACTIVE' }, 'INVALID_STATUS_DATA'],
          ['sos:status:update', { status: ['active'] }, 'INVALID_STATUS_DATA'],
          ['message:typing:start', {}, 'INVALID_DISPLAY_NAME'],
          ['sos:room:join', { userType: 'boss' }, 'INVALID_USER_TYPE'],
          ['sos:room:join', { displayName: 5 }, 'INVALID_DISPLAY_NAME'],
        ];
        for (const [event, fields] of bad) a.emit(event, { sosId, ...fields });
        await settle(a, b);
        assert.deepEqual(a.seen.map(([name, { code }]) => [name, code]), bad.map(([, , code]) => ['error', code]));
        assert.deepEqual(b.seen, []);
      });

      test('what only the server sends, and message:send, is ignored from a client', async () => {
        const { sosId, a, b } = await three();
        const message = { id: 'forged', senderType: 'admin', senderId: 'x', contentType: 'text', ...SAY, sosId, createdAt: new Date().toISOString() };
        for (const name of ['message:send', 'message:new', 'message:broadcast', 'error', 'message:error', 'participant:joined:broadcast',
          'participant:left:broadcast', 'sos:status:broadcast', 'location:broadcast', 'message:history:response',
          'participants:active:response', 'unheard:of']) {
          a.emit(name, { ...message, message, status: 'active', userId: 'x', ...HERE });
          a.emit(name);
        }
        await settle(a, b);
        assert.deepEqual([...a.seen, ...b.seen], []);
        assert.equal((await peer.call('GET', `/api/messages/${sosId}`)).body.pagination.total, 0);
      });

      test('ids are used exactly as given', async () => {
        const base = fresh();
        const ids = [base, base.toLowerCase(), `${base} `, ` ${base}`, `${base}/x`, `${base}%2Fx`, `${base}%`,
          `${base}?a=b#c`, `${base}é`, `${base}e\u0301`, `${base}🆘`, `sos:${base}`, '__proto__', 'message'];
        const clients = await Promise.all(ids.map(() => peer.client({ transport })));
        await Promise.all(ids.map((sosId, i) => clients[i].ask('sos:room:join', { sosId })));
        for (const sosId of ids) {
          const { status, body } = await peer.call('POST', `/api/messages/${id(sosId)}`, { ...SAY, content: sosId });
          assert.equal(status, 201);
          assert.equal(body.data.sosId, sosId);
        }
        await settle(...clients);
        ids.forEach((sosId, i) => {
          assert.deepEqual(clients[i].seen.map(([name, message]) => [name, message.sosId]), [['message:broadcast', sosId]]);
        });
        for (const client of clients) client.socket.disconnect();
      });
    });
  }

  test('requests need no membership, and an unverified token gives the identity', async () => {
    const sosId = fresh();
    const token = jwt({ identity: { userId: 'disp-1', role: 'DISPATCHER' } }, 'any key');
    const a = await peer.client({ token });
    const b = await peer.client({ token: 'nonsense' });
    await b.ask('sos:room:join', { sosId });
    a.emit('message:typing:start', { sosId, displayName: 'Ana' });
    a.emit('location:update', { sosId, ...HERE });
    await peer.call('POST', `/api/messages/${sosId}`, SAY, { authorization: `Bearer ${token}` });
    await settle(a, b);
    assert.deepEqual(a.seen, []);
    // Socket requests and HTTP travel apart, so that their order is not known.
    assert.deepEqual(b.seen.map(([name, { userId, senderId }]) => [name, userId ?? senderId]).sort(), [
      ['location:broadcast', 'disp-1'], ['message:broadcast', 'disp-1'], ['message:typing:start', 'disp-1']]);
    assert.equal(b.all('message:broadcast')[0].senderType, 'admin');
  });

  test('HTTP: messages are read back in order and in pages', async () => {
    const sosId = fresh();
    await Promise.all(Array.from({ length: 60 }, () => peer.call('POST', `/api/messages/${sosId}`, SAY)));
    const { status, body } = await peer.call('GET', `/api/messages/${sosId}`);
    assert.equal(status, 200);
    assert.deepEqual(body.pagination, { total: 60, skip: 0, limit: 50 });
    assert.equal(body.data.length, 50);
    body.data.reduce((x, y) => { assert.ok(x.createdAt < y.createdAt); return y; });
    const rest = (await peer.call('GET', `/api/messages/${sosId}?skip=50&limit=500`)).body;
    assert.deepEqual(rest.pagination, { total: 60, skip: 50, limit: 50 });
    assert.equal(rest.data.length, 10);
    assert.ok(rest.data[0].createdAt > body.data[49].createdAt);
    const one = await peer.call('GET', `/api/messages/message/${body.data[7].id}`);
    assert.deepEqual([one.status, one.body], [200, { success: true, data: body.data[7] }]);
    assert.deepEqual((await peer.call('GET', `/api/messages/${fresh()}`)).body,
      { success: true, data: [], pagination: { total: 0, skip: 0, limit: 50 } });
  });

  test('HTTP: content is 1 to 2000 code points', async () => {
    const path = `/api/messages/${fresh()}`;
    for (const [content, status] of [['', 400], ['x', 201], ['x'.repeat(2000), 201], ['x'.repeat(2001), 400],
      ['🆘'.repeat(2000), 201], ['🆘'.repeat(2001), 400], ['x'.repeat(1_000_000), 400], [`${'🆘'.repeat(1999)}xx`, 400]]) {
      assert.equal((await peer.call('POST', path, { ...SAY, content })).status, status);
    }
    const system = await peer.call('POST', path, { ...SAY, contentType: 'system' });
    assert.equal(system.body.data.contentType, 'system');
  });

  test('HTTP: what is wrong is refused with the documented shape', async () => {
    const sosId = fresh();
    const messages = `/api/messages/${sosId}`;
    const join = `/api/sos/${sosId}/participants/join`;
    const cases = [
      [400, 'POST', messages], [400, 'POST', messages, ''], [400, 'POST', messages, '{"content":'],
      [400, 'POST', messages, Buffer.from([0x22, 0xff, 0x22])], [400, 'POST', messages, '['.repeat(500_000)],
      [400, 'POST', messages, 'null'], [400, 'POST', messages, '42'], [400, 'POST', messages, []], [400, 'POST', messages, {}],
      [400, 'POST', messages, { content: 'x' }], [400, 'POST', messages, { senderDisplayName: 'x' }],
      [400, 'POST', messages, { ...SAY, content: 5 }], [400, 'POST', messages, { ...SAY, content: ['x'] }],
      [400, 'POST', messages, { ...SAY, senderDisplayName: null }], [400, 'POST', messages, { ...SAY, senderDisplayName: '' }],
      [400, 'POST', messages, { ...SAY, contentType: 'image' }], [400, 'POST', messages, { ...SAY, contentType: null }],
      [400, 'POST', '/api/messages/%20', SAY], [400, 'POST', '/api/messages/%ff', SAY],
      ...['skip=-1', 'skip=x', 'skip=1.5', 'skip=', 'limit=0', 'limit=-5', 'limit=x', 'limit=', 'limit=1&limit=2', 'skip=99999999999999999999']
        .map((query) => [400, 'GET', `${messages}?${query}`]),
      [400, 'POST', join, {}], [400, 'POST', join, { userId: 'u' }], [400, 'POST', join, { userId: 'u', userType: 'CITIZEN' }],
      [400, 'POST', join, { userId: 5, userType: 'citizen' }], [400, 'POST', join, { userId: 'u', userType: 'citizen', displayName: 5 }],
      [404, 'GET', '/api/messages/message/none'], [404, 'PATCH', `/api/sos/${sosId}/participants/nobody/leave`],
      [404, 'GET', '/'], [404, 'GET', '/api/messages'], [404, 'GET', '/api/messages/'], [404, 'DELETE', messages], [404, 'GET', join],
      [404, 'GET', '/nothing/here'], [413, 'POST', messages, 'x'.repeat(2 * 1024 * 1024 + 1)],
      [400, 'POST', messages, 'x'.repeat(2 * 1024 * 1024)],
    ];
    for (const [status, method, path, body] of cases) {
      const answer = await peer.call(method, path, body);
      assert.equal(answer.status, status, `${method} ${path} ${JSON.stringify(body)?.slice(0, 50)}`);
      assert.equal(answer.body.success, false);
      assert.equal(typeof answer.body.error, 'string');
    }
    assert.equal((await peer.call('GET', '/health')).status, 200);
    assert.equal((await peer.call('GET', messages)).body.pagination.total, 0);
  });

  test('HTTP: connections are kept alive, after a refusal of a large body too', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const ask = (method, path, body) => within(new Promise((resolve, reject) => {
      const req = http.request(peer.url + path, { agent, method }, (res) => {
        res.resume();
        res.on('end', () => resolve([res.statusCode, req.reusedSocket]));
      });
      req.on('error', reject);
      req.end(body);
    }), path);
    const path = `/api/messages/${fresh()}`;
    assert.deepEqual(await ask('GET', '/health'), [200, false]);
    assert.deepEqual(await ask('POST', path, JSON.stringify(SAY)), [201, true]);
    assert.deepEqual(await ask('POST', path, 'x'.repeat(3_000_000)), [413, true]);
    assert.equal((await ask('GET', '/health'))[0], 200);
    agent.destroy();
  });
});

function jwt(claims, key, header = { alg: 'HS256', typ: 'JWT' }) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part(header)}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}

describe('honest, with a key', async () => {
  const KEY = 'a secret of the tests';
  const now = Math.floor(Date.now() / 1000);
  const claims = { identity: { userId: 'u1', firebaseUid: 'f1', role: 'RESCUER' }, actor: { type: 'USER', cityCode: 'X' }, exp: now + 600 };
  const good = jwt(claims, KEY);
  const refused = {
    'none': undefined,
    'not a JWT': 'abc',
    'other key': jwt(claims, 'other'),
    'expired': jwt({ ...claims, exp: now - 1 }, KEY),
    'exp is not a number': jwt({ ...claims, exp: 'soon' }, KEY),
    'alg none': `${jwt(claims, KEY, { alg: 'none' }).split('.').slice(0, 2).join('.')}.`,
    'alg HS512': jwt(claims, KEY, { alg: 'HS512' }),
    'alg RS256': jwt(claims, KEY, { alg: 'RS256' }),
    'no identity': jwt({ exp: now + 600 }, KEY),
    'signature cut': good.slice(0, -1),
    'other spelling of the signature': good.slice(0, -1) + String.fromCharCode(good.charCodeAt(good.length - 1) + 1),
    'other claims': [good.split('.')[0], jwt({ ...claims, identity: { userId: 'u2' } }, KEY).split('.')[1], good.split('.')[2]].join('.'),
  };
  const keyed = await start('--jwt-key', KEY);
  after(() => keyed.stop());

  for (const [name, token] of Object.entries(refused)) {
    test(`refused: ${name}`, async () => {
      for (const transport of ['websocket', 'polling']) {
        await assert.rejects(keyed.client({ transport, token }), /^Error: AUTHENTICATION_ERROR/);
      }
      const headers = token ? { authorization: `Bearer ${token}` } : {};
      for (const [method, path] of [['GET', '/api/messages/1'], ['POST', '/api/messages/1'],
        ['POST', '/api/sos/1/participants/join'], ['PATCH', '/api/sos/1/participants/u/leave'], ['GET', '/api/messages/message/1']]) {
        const { status, body } = await keyed.call(method, path, undefined, headers);
        assert.deepEqual([status, body.success, typeof body.error], [401, false, 'string']);
      }
    });
  }

  test('accepted: the claims are the identity', async () => {
    const sosId = fresh();
    for (const [role, userType] of [['CITIZEN', 'citizen'], ['RESCUER', 'rescuer'], ['ADMIN', 'admin'], ['DISPATCHER', 'admin']]) {
      const token = jwt({ ...claims, identity: { userId: `u-${role}`, role } }, KEY);
      const client = await keyed.client({ token });
      await client.ask('sos:init', { sosId });
      const { participants } = await client.ask('participants:active:request', { sosId });
      const me = participants.find(({ socketId }) => socketId === client.socket.id);
      assert.deepEqual([me.userId, me.userType], [`u-${role}`, userType]);
      const { status, body } = await keyed.call('POST', `/api/messages/${sosId}`,
        { ...SAY, senderType: 'admin', senderId: 'someone else' }, { authorization: `Bearer ${token}` });
      assert.deepEqual([status, body.data.senderId, body.data.senderType], [201, `u-${role}`, userType]);
    }
    assert.equal((await keyed.call('GET', '/health')).status, 200);
    assert.equal((await keyed.call('GET', '/nothing')).status, 404);
  });

  test('all sockets of a user leave, and only of that user, and only that room', async () => {
    const [sosId, second] = [fresh(), fresh()];
    const mine = await Promise.all([1, 2].map(() => keyed.client({ token: good })));
    const other = await keyed.client({ token: jwt({ ...claims, identity: { userId: 'u2' } }, KEY) });
    for (const client of [...mine, other]) {
      await client.ask('sos:room:join', { sosId });
      await client.ask('sos:room:join', { sosId: second });
    }
    await keyed.call('PATCH', `/api/sos/${sosId}/participants/u1/leave`, undefined, { authorization: `bearer ${good}` });
    const count = async (of) => (await other.ask('participants:active:request', { sosId: of })).count;
    assert.deepEqual([await count(sosId), await count(second)], [1, 3]);
    await settle(...mine, other);
    assert.deepEqual(other.all('participant:left:broadcast').map(({ userId, userType }) => [userId, userType]), [['u1', 'rescuer']]);
  });
});

describe('lies', () => {
  /** What a short session shows of each thing that some lie changes. */
  async function session(lie) {
    const liar = await start(...(lie ? ['--lie', lie] : []));
    try {
      const [a, b, c] = await Promise.all([1, 2, 3].map(() => liar.client()));
      await a.ask('sos:room:join', { sosId: 'Ab' });
      await b.ask('sos:room:join', { sosId: 'Ab' });
      await c.ask('sos:room:join', { sosId: 'aB' });
      const { status, body } = await liar.call('POST', '/api/messages/Ab', SAY);
      a.emit('message:typing:start', { sosId: 'Ab', displayName: 'Ana' });
      a.emit('sos:init', {});
      await settle(a, b, c);
      const names = (client) => client.seen.map(([name]) => name).sort();
      return {
        status, a: names(a), b: names(b), c: names(c),
        listed: (await liar.call('GET', '/api/messages/Ab')).body.pagination.total,
        read: (await liar.call('GET', `/api/messages/message/${body.data.id}`)).status,
        history: (await a.ask('message:history:request', { sosId: 'Ab' })).messages.length,
      };
    } finally {
      assert.equal((await liar.stop()).code, 0);
    }
  }
  const [M, T, E] = ['message:broadcast', 'message:typing:start', 'error'];
  const honest = { status: 201, a: [E, M], b: [M, T], c: [], listed: 1, read: 200, history: 1 };
  const lies = {
    '': {},
    'renamed-message-broadcast': { a: [E, 'message:new'], b: ['message:new', T] },
    'dash-id-leak': { c: [M, T] },
    'typing-to-sender': { a: [E, M, T] },
    'broadcast-not-stored': { listed: 0, read: 404, history: 0 },
    'error-to-room': { b: [E, M, T], c: [E] },
  };
  for (const [lie, change] of Object.entries(lies)) {
    test(lie || 'none', async () => {
      const seen = await session(lie);
      const wanted = { ...honest, ...change };
      for (const who of 'abc') wanted[who] = [...wanted[who]].sort();
      assert.deepEqual(seen, wanted);
    });
  }
});

describe('process', () => {
  async function run(...args) {
    const child = spawn(process.execPath, [SERVER, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data) => { stdout += data; });
    child.stderr.on('data', (data) => { stderr += data; });
    const [code] = await within(once(child, 'close'), 'exit');
    return { code, stdout, stderr };
  }

  test('bad options end with 2 and the known lies', async () => {
    for (const args of [['--nope'], ['stray'], ['--lie', 'white'], ['--lie'], ['--lie', ''], ['--port', 'x'], ['--port', '70000'], ['--jwt-key', '']]) {
      const { code, stdout, stderr } = await run(...args);
      assert.deepEqual([code, stdout], [2, ''], args.join(' '));
      assert.match(stderr, /error-to-room/);
    }
  });

  test('a port in use ends with 1', async () => {
    const first = await start();
    const { code, stdout, stderr } = await run('--port', new URL(first.url).port);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /EADDRINUSE/);
    await first.stop();
  });

  test('the end of stdin ends it, with clients still connected', async () => {
    const one = await start();
    const clients = [await one.client(), await one.client({ transport: 'polling' })];
    const ended = clients.map(({ socket }) => once(socket, 'disconnect'));
    one.child.stdin.end();
    await within(Promise.all(ended), 'disconnects');
    const { code, lines } = await one.stop(() => {});
    assert.deepEqual([code, lines.length], [0, 1]);
  });

  test('the end of stdin is nothing without --exit-with-stdin', async () => {
    const child = spawn(process.execPath, [SERVER, '--port', '0'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    const [line] = await within(once(createInterface({ input: child.stdout }), 'line'), 'line');
    child.stdin.end();
    await within(once(child.stdin, 'close'), 'stdin closed');
    assert.equal((await fetch(`${JSON.parse(line).url}/health`)).status, 200);
    child.kill('SIGTERM');
    assert.deepEqual(await within(exited, 'exit'), [0, null]);
  });
});
