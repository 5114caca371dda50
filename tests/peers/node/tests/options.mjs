// Options that change what is offered, and command lines that make no sense.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SAY, SERVER, ended, fresh, start, startRedis } from './support.mjs';

describe('options', () => {
  test('those that make no sense end with 2', async () => {
    const lines = [
      ['--adapter', 'classic'], ['--redis', 'redis://127.0.0.1:1', '--adapter', 'mongo'], ['--redis', ''],
      ['--redis', 'nowhere'], ['--redis', 'http://127.0.0.1'], ['--room-template', ''],
      ['--admin-user', 'u'], ['--admin-password', 'p'], ['--admin-mode', 'development'],
      ['--admin', '--admin-mode', 'staging'], ['--internal-token', ''], ['--ping-interval', '0'],
      ['--ping-interval', 'soon'], ['--jwt-key', 'k', '--jwt-public-key', SERVER],
      ['--jwt-public-key', SERVER], ['--jwt-public-key', '/nowhere'], ['--jwt-issuer', 'i'],
      ['--jwt-audience', 'a'],
    ];
    for (const args of lines) {
      const { code, stdout, stderr } = await ended(...args);
      assert.deepEqual([code, stdout], [2, ''], args.join(' '));
      assert.match(stderr, /^server\.js: --/);
    }
  });

  test('a Redis that is not there ends with 1', async () => {
    const redis = await startRedis();
    await redis.end();
    const { code, stdout, stderr } = await ended('--redis', redis.url);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /ECONNREFUSED/);
  });

  test('--no-api leaves /health and the sockets', async () => {
    const peer = await start('--no-api', '--jwt-key', 'k');
    const sosId = fresh();
    for (const [method, path] of [['GET', `/api/messages/${sosId}`], ['POST', `/api/messages/${sosId}`],
      ['GET', '/api/messages/message/1'], ['POST', `/api/sos/${sosId}/participants/join`],
      ['PATCH', `/api/sos/${sosId}/participants/u/leave`], ['POST', '/internal/messaging/broadcast']]) {
      const { status, body } = await peer.call(method, path);
      assert.deepEqual([status, body.success, typeof body.error], [404, false, 'string'], path);
    }
    assert.equal((await peer.call('GET', '/health')).status, 200);
    await assert.rejects(peer.client(), /AUTHENTICATION_ERROR/);
    await peer.end();
  });

  test('--ping-interval is told to the clients', async () => {
    const peer = await start('--ping-interval', '1234');
    const answer = await (await fetch(`${peer.url}/socket.io/?EIO=4&transport=polling`)).text();
    assert.equal(JSON.parse(answer.slice(1)).pingInterval, 1234);
    await peer.end();
  });

  test('one room for all: everybody hears everything', async () => {
    const peer = await start('--room-template', 'sos-everyone');
    const [a, b] = [await peer.client(), await peer.client()];
    await a.ask('sos:room:join', { sosId: '1' });
    await b.ask('sos:room:join', { sosId: '2' });
    await peer.call('POST', '/api/messages/1', SAY);
    for (const client of [a, b]) assert.equal((await client.next('message:broadcast'))[0].sosId, '1');
    assert.equal((await a.ask('participants:active:request', { sosId: '3' })).count, 2);
    await peer.end();
  });

  test('a template without a prefix, and ids that are special somewhere', async () => {
    const peer = await start('--room-template', '{sosId}/{sosId}');
    const ids = ['__proto__', '$&', '$1', '{sosId}', 'constructor'];
    const clients = await Promise.all(ids.map(() => peer.client()));
    await Promise.all(ids.map((sosId, i) => clients[i].ask('sos:room:join', { sosId, displayName: sosId })));
    for (const [i, sosId] of ids.entries()) {
      const { participants } = await clients[i].ask('participants:active:request', { sosId });
      assert.deepEqual(participants.map(({ displayName }) => displayName), [sosId]);
    }
    await peer.end();
  });

  test('leaving a room forgets what was said there', async () => {
    const peer = await start();
    const a = await peer.client();
    const roster = async () => (await a.ask('participants:active:request', { sosId: '1' })).participants
      .map(({ displayName, userType }) => [displayName, userType]);
    await a.ask('sos:room:join', { sosId: '1', displayName: 'Ana', userType: 'rescuer' });
    await a.ask('sos:init', { sosId: '1' });
    assert.deepEqual(await roster(), [['Ana', 'rescuer']]);
    await a.ask('sos:room:leave', { sosId: '1' });
    await a.ask('sos:room:join', { sosId: '1' });
    assert.deepEqual(await roster(), [[undefined, 'citizen']]);
    await peer.end();
  });
});
