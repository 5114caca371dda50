// Several nodes on one Redis: joined by each adapter they are one service, and without one they
// share what is stored and nothing else.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createClient } from 'redis';
import { HERE, SAY, fresh, jwt, settle, start, startRedis } from './support.mjs';

let redis;
before(async () => { redis = await startRedis(); });
after(() => redis.end());

const two = (...options) =>
  Promise.all([1, 2].map(() => start('--redis', redis.url, ...options)));

async function member(node, sosId, { token, ...details } = {}) {
  const client = await node.client({ token });
  await client.ask('sos:room:join', { sosId, ...details });
  return client;
}

/** Broadcasts once more, and waits until the clients have it: what was sent before has come too. */
async function marked(sender, sosId, ...clients) {
  const deviceId = fresh();
  sender.emit('location:update', { sosId, ...HERE, deviceId });
  for (const client of clients) await client.next('location:broadcast', (told) => told.deviceId === deviceId);
  await settle(...clients);
}

const names = (client) => client.seen.map(([name]) => name).filter((name) => name !== 'location:broadcast');

for (const adapter of ['classic', 'sharded', 'streams']) {
  describe(`nodes joined by ${adapter}`, () => {
    let [A, B] = [];
    before(async () => { [A, B] = await two('--adapter', adapter); });
    after(() => Promise.all([A.end(), B.end()]));

    test('a broadcast of one is heard on both, exactly once', async () => {
      // The last one makes a room of twenty characters, like the id of a socket.
      for (const sosId of [fresh(), `${fresh()}0`]) {
        const a = await member(A, sosId);
        const b = await member(B, sosId);
        const other = await member(B, `${sosId}00`);
        const { body } = await A.call('POST', `/api/messages/${sosId}`, SAY);
        await B.call('POST', `/api/messages/${sosId}`, SAY);
        a.emit('message:typing:start', { sosId, displayName: 'Ana' });
        await A.call('POST', `/api/sos/${sosId}/participants/join`, { userId: 'u', userType: 'citizen' });
        a.emit('sos:status:update', { sosId, status: 'arrived' });
        await marked(a, sosId, a, b);
        await marked(b, sosId, a, b);
        const all = ['message:broadcast', 'message:broadcast', 'message:typing:start', 'participant:joined:broadcast', 'sos:status:broadcast'];
        assert.deepEqual(names(b).sort(), all);
        assert.deepEqual(names(a).sort(), all.filter((name) => name !== 'message:typing:start'));
        assert.deepEqual(other.seen, []);
        const { timestamp, ...told } = b.all('message:broadcast').find(({ id }) => id === body.data.id);
        assert.deepEqual(told, body.data);
        assert.equal(timestamp, Date.parse(told.createdAt));
        assert.equal(b.all('location:broadcast').length, 2);
      }
    });

    test('the roster is of both', async () => {
      const sosId = fresh();
      const a = await member(A, sosId, { displayName: 'Ana', userType: 'rescuer' });
      const b = await member(B, sosId, { displayName: 'Bea' });
      for (const client of [a, b]) {
        const { participants, count } = await client.ask('participants:active:request', { sosId });
        assert.equal(count, 2);
        const found = (socketId) => participants.find((one) => one.socketId === socketId);
        const { connectedAt, ...one } = found(a.socket.id);
        assert.deepEqual(one, { userId: `anon-${a.socket.id}`, userType: 'rescuer', displayName: 'Ana', socketId: a.socket.id });
        assert.equal(new Date(connectedAt).toISOString(), connectedAt);
        assert.equal(found(b.socket.id).displayName, 'Bea');
      }
    });

    test('a user who is removed on one is out on both, and learns of it', async () => {
      const sosId = fresh();
      const token = jwt({ identity: { userId: 'u1', role: 'RESCUER' } }, 'any');
      const [a, b] = [await member(A, sosId, { token }), await member(B, sosId, { token })];
      const [stays, watches] = [await member(A, sosId), await member(B, sosId)];
      const left = await B.call('PATCH', `/api/sos/${sosId}/participants/u1/leave`);
      assert.deepEqual([left.status, left.body.data.userType], [200, 'rescuer']);
      assert.equal((await watches.ask('participants:active:request', { sosId })).count, 2);
      await A.call('POST', `/api/messages/${sosId}`, SAY);
      await B.call('POST', `/api/messages/${sosId}`, SAY);
      await marked(stays, sosId, stays, watches);
      await marked(watches, sosId, stays, watches);
      await settle(a, b);
      for (const out of [a, b]) assert.deepEqual(names(out), ['participant:left:broadcast']);
      for (const client of [stays, watches]) {
        assert.deepEqual(names(client), ['participant:left:broadcast', 'message:broadcast', 'message:broadcast']);
      }
      assert.equal((await A.call('PATCH', `/api/sos/${sosId}/participants/u1/leave`)).status, 404);
    });

    test('a participant entered on one can be removed on the other', async () => {
      const base = `/api/sos/${fresh()}/participants`;
      await A.call('POST', `${base}/join`, { userId: 'u9', userType: 'admin', displayName: 'Eva' });
      const left = await B.call('PATCH', `${base}/u9/leave`);
      assert.deepEqual([left.status, left.body.data.userType], [200, 'admin']);
      assert.equal((await A.call('PATCH', `${base}/u9/leave`)).status, 404);
    });

    test('the last who leaves and comes back at once still hears the other node', async () => {
      const sosId = fresh();
      const [a, b] = [await A.client(), await member(B, sosId)];
      for (let i = 0; i < 20; i += 1) {
        b.emit('sos:room:leave', { sosId });
        await b.ask('sos:room:join', { sosId });
        a.emit('sos:status:update', { sosId, status: 'active' });
        await b.next('sos:status:broadcast');
        b.clear();
      }
    });
  });
}

describe('a store in Redis', () => {
  let [A, B] = [];
  before(async () => { [A, B] = await two('--adapter', 'none'); });
  after(() => Promise.all([A.end(), B.end()]));

  test('what one stores the other reads, in one order', async () => {
    const path = `/api/messages/${fresh()}`;
    const posted = await Promise.all(Array.from({ length: 60 }, (_, i) =>
      [A, B][i % 2].call('POST', path, { ...SAY, content: `m${i}` })));
    for (const node of [A, B]) {
      const pages = [await node.call('GET', path), await node.call('GET', `${path}?skip=50`)];
      assert.deepEqual(pages[1].body.pagination, { total: 60, skip: 50, limit: 50 });
      const all = pages.flatMap(({ body }) => body.data);
      assert.equal(all.length, 60);
      all.reduce((x, y) => { assert.ok(x.createdAt < y.createdAt); return y; });
      for (const { body } of posted) assert.deepEqual(all.find(({ id }) => id === body.data.id), body.data);
    }
    const { id } = posted[0].body.data;
    assert.deepEqual((await B.call('GET', `/api/messages/message/${id}`)).body.data, posted[0].body.data);
    assert.equal((await B.call('GET', '/api/messages/message/none')).status, 404);
    const client = await B.client();
    const { messages } = await client.ask('message:history:request', { sosId: path.split('/').at(-1), limit: 3, skip: 58 });
    assert.equal(messages.length, 2);
  });

  test('without an adapter the broadcasts stay where they are made', async () => {
    const sosId = fresh();
    const [a, b] = [await member(A, sosId), await member(B, sosId)];
    await A.call('POST', `/api/messages/${sosId}`, SAY);
    await A.call('POST', `/api/messages/${sosId}`, SAY);
    await marked(a, sosId, a);
    assert.equal((await B.call('GET', `/api/messages/${sosId}`)).body.pagination.total, 2);
    await marked(b, sosId, b);
    assert.deepEqual(names(a), ['message:broadcast', 'message:broadcast']);
    assert.deepEqual(names(b), []);
    for (const client of [a, b]) assert.equal((await client.ask('participants:active:request', { sosId })).count, 1);
    assert.equal((await A.call('PATCH', `/api/sos/${sosId}/participants/anon-${b.socket.id}/leave`)).status, 404);
  });

  test('a message that is not kept is not there for the other either', async () => {
    const liar = await start('--redis', redis.url, '--adapter', 'none', '--lie', 'broadcast-not-stored');
    const path = `/api/messages/${fresh()}`;
    const { status, body } = await liar.call('POST', path, SAY);
    assert.equal(status, 201);
    assert.equal((await B.call('GET', path)).body.pagination.total, 0);
    assert.equal((await B.call('GET', `/api/messages/message/${body.data.id}`)).status, 404);
    await liar.end();
  });
});

describe('the room as Redis shows it', () => {
  /** Everything published while `act` runs, as [channel, message]. */
  async function published(act) {
    const watcher = createClient({ url: redis.url });
    await watcher.connect();
    const seen = [];
    await watcher.pSubscribe('*', (message, channel) => seen.push([channel, message]));
    await act();
    await watcher.ping(); // after all that was published before
    watcher.destroy();
    return seen;
  }

  test('classic: the room of the template is in the name of the channel', async () => {
    const [A, B] = await two('--room-template', 'sos-{sosId}');
    const [a, b] = [await member(A, 'X'), await member(B, 'X')];
    const seen = await published(async () => {
      await A.call('POST', '/api/messages/X', SAY);
      await b.next('message:broadcast');
    });
    assert.deepEqual(seen.map(([channel]) => channel), ['socket.io#/#sos-X#']);
    assert.match(seen[0][1], /message:broadcast/);
    assert.equal(a.all('message:broadcast').length, 1);
    await Promise.all([A.end(), B.end()]);
  });

  test('sharded: so it is, among the sharded channels', async () => {
    const [A, B] = await two('--adapter', 'sharded', '--room-template', 'SOS:{sosId}');
    await member(B, 'X');
    const client = createClient({ url: redis.url });
    await client.connect();
    assert.ok((await client.pubSubShardChannels()).includes('socket.io#/#SOS:X#'));
    client.destroy();
    await Promise.all([A.end(), B.end()]);
  });

  test('streams: it is in the entry of the stream', async () => {
    const [A, B] = await two('--adapter', 'streams', '--room-template', 'sos-{sosId}');
    const b = await member(B, 'X');
    await A.call('POST', '/api/messages/X', SAY);
    await b.next('message:broadcast');
    const client = createClient({ url: redis.url });
    await client.connect();
    const [{ message }] = await client.xRevRange('socket.io', '+', '-', { COUNT: 1 });
    assert.deepEqual(JSON.parse(message.data).opts.rooms, ['sos-X']);
    client.destroy();
    await Promise.all([A.end(), B.end()]);
  });
});
