// Redis, or another node, that goes away while the service runs: the node stays, says so at once,
// serves its own sockets, and is joined to the others again when they are back.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HERE, SAY, fresh, settle, start, startRedis, until } from './support.mjs';

const PROMPT = 2000; // milliseconds

async function promptly(what, ask) {
  const begin = performance.now();
  const answer = await ask();
  const took = performance.now() - begin;
  assert.ok(took < PROMPT, `${what} took ${took} ms`);
  return answer;
}

async function refuses(node, sosId) {
  const calls = [
    ['POST', `/api/messages/${sosId}`, SAY], ['GET', `/api/messages/${sosId}`], ['GET', '/api/messages/message/1'],
    ['POST', `/api/sos/${sosId}/participants/join`, { userId: 'u', userType: 'citizen' }],
    ['PATCH', `/api/sos/${sosId}/participants/u/leave`],
  ];
  await Promise.all(calls.map(async ([method, path, body]) => {
    const answer = await promptly(path, () => node.call(method, path, body));
    assert.deepEqual([answer.status, answer.body.success, typeof answer.body.error], [503, false, 'string'], path);
  }));
  assert.equal((await node.call('POST', `/api/messages/${sosId}`, {})).status, 400);
  assert.equal((await node.call('GET', '/health')).status, 200);
}

/** The sockets of one node hear each other, whatever Redis does. */
async function serves(node, sosId, a, b) {
  a.clear(); b.clear();
  a.emit('message:typing:start', { sosId, displayName: 'Ana' });
  a.emit('location:update', { sosId, ...HERE });
  await promptly('a broadcast', () => b.next('location:broadcast'));
  await b.next('message:typing:start');
  await node.call('POST', '/internal/participants/left', { sosId, userId: 'u' }, { 'x-internal-request': 'true' });
  await promptly('an internal call', () => a.next('participant:left:broadcast'));
  const roster = await promptly('a roster', () => a.ask('participants:active:request', { sosId }));
  assert.deepEqual(roster.participants.map(({ socketId }) => socketId).sort(), [a.socket.id, b.socket.id].sort());
  const history = await promptly('a history', () => a.ask('message:history:request', { sosId }));
  assert.deepEqual([history.success, history.code], [false, 'SERVICE_UNAVAILABLE']);
  await a.next('error', ({ code }) => code === 'SERVICE_UNAVAILABLE');
  assert.equal(b.all('location:broadcast').length, 1);
}

async function ends(...nodes) {
  for (const node of nodes) {
    assert.deepEqual([node.child.exitCode, node.child.signalCode], [null, null]);
    assert.match(node.stderr, /^server\.js: Redis: /m);
    assert.doesNotMatch(node.stderr, /^\s+at /m); // no failure that nobody was ready for
    await node.end();
  }
}

for (const adapter of ['classic', 'sharded', 'streams', 'none']) {
  describe(`Redis goes away: ${adapter}`, () => {
    async function scene() {
      const redis = await startRedis();
      const [A, B] = await Promise.all([1, 2].map(() =>
        start('--redis', redis.url, '--adapter', adapter, '--internal-token', 'hush')));
      const [sosId, later] = [fresh(), fresh()];
      const clients = [await A.client(), await A.client(), await B.client()];
      for (const client of clients) await client.ask('sos:room:join', { sosId });
      return { redis, A, B, sosId, later, clients };
    }

    /** Nodes that are back in business: what A stores is heard at B, and never twice. */
    async function together(A, b, rooms) {
      for (const sosId of rooms) {
        const posted = new Map();
        await until(async () => {
          const { status, body } = await A.call('POST', `/api/messages/${sosId}`, SAY);
          if (status === 201) posted.set(body.data.id, body.data);
          await settle(b);
          return b.all('message:broadcast').some(({ id }) => posted.has(id));
        }, (isHeard) => isHeard || (adapter === 'none' && posted.size > 0), 'a message heard on the other node');
      }
      const ids = b.all('message:broadcast').map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length);
    }

    test('killed, and begun again', async () => {
      const { redis, A, B, sosId, later, clients: [a, a2, b] } = await scene();
      await redis.kill();
      await refuses(A, sosId);
      await refuses(B, sosId);
      await serves(A, sosId, a, a2);
      assert.equal((await promptly('a join', () => b.ask('sos:room:join', { sosId: later }))).success, true);
      assert.equal((await b.ask('participants:active:request', { sosId: later })).count, 1);
      await redis.begin();
      await together(A, b, [sosId, later]);
      const read = await B.call('GET', `/api/messages/${sosId}`);
      assert.equal(read.status, 200);
      if (adapter !== 'none') {
        await until(() => a.ask('participants:active:request', { sosId }), ({ count }) => count === 3, 'the roster of both');
      }
      await ends(A, B);
      await redis.end();
    });

    test('frozen, and thawed', async () => {
      const { redis, A, B, sosId, clients: [a, a2, b] } = await scene();
      redis.freeze();
      await refuses(A, sosId);
      await serves(A, sosId, a, a2);
      redis.thaw();
      await together(A, b, [sosId]);
      await ends(A);
      await B.end();
      await redis.end();
    });

    test('killed for good: the nodes end as they should', async () => {
      const { redis, A, B, sosId } = await scene();
      await redis.kill();
      await refuses(A, sosId);
      await ends(A);
      await B.end();
      await redis.end();
    });
  });
}

describe('another node goes away', () => {
  for (const adapter of ['classic', 'sharded', 'streams']) {
    test(`frozen: the roster is that of the own node, and promptly: ${adapter}`, async () => {
      const redis = await startRedis();
      const [A, B] = await Promise.all([1, 2].map(() => start('--redis', redis.url, '--adapter', adapter)));
      const sosId = fresh();
      const [a, b] = [await A.client(), await B.client()];
      for (const client of [a, b]) await client.ask('sos:room:join', { sosId });
      const roster = () => a.ask('participants:active:request', { sosId });
      assert.equal((await roster()).count, 2);
      B.child.kill('SIGSTOP');
      assert.equal((await promptly('a roster', roster)).count, 1);
      assert.equal((await A.call('POST', `/api/messages/${sosId}`, SAY)).status, 201);
      await a.next('message:broadcast');
      B.child.kill('SIGCONT');
      await b.next('message:broadcast');
      assert.equal((await roster()).count, 2);
      B.child.kill('SIGKILL');
      await until(roster, ({ count }) => count === 1, 'the roster without the node that died');
      await A.end();
      await redis.end();
    });
  }
});
