// The peer against the guide: every event and who receives it, errors, junk and HTTP.

import assert from 'node:assert/strict';
import http from 'node:http';
import { after, describe, test } from 'node:test';
import { HERE, SAY, fresh, id, jwt, settle, start, within } from './support.mjs';

describe('honest, without a key', async () => {
  const peer = await start();
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
