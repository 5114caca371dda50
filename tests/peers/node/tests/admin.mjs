// The admin UI's namespace: what it tells, whom it tells it, and that the service is the same.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SAY, fresh, settle, start, startRedis } from './support.mjs';

describe('admin', () => {
  /** What an admin client learns of one socket that is there already and one that comes. */
  async function watch(peer, auth, second = peer) {
    const sosId = fresh();
    const a = await peer.client();
    await a.ask('sos:room:join', { sosId });
    const admin = await peer.client({ namespace: '/admin', auth });
    const [sockets] = await admin.next('all_sockets');
    assert.deepEqual(sockets.find(({ id }) => id === a.socket.id).rooms, [a.socket.id, `sos:${sosId}`]);
    const b = await second.client();
    const isMine = (room) => (nsp, name, id) => nsp === '/' && name === room && id === b.socket.id;
    await b.ask('sos:room:join', { sosId });
    assert.ok(!Number.isNaN(Date.parse((await admin.next('room_joined', isMine(`sos:${sosId}`)))[3])));
    await b.ask('sos:room:leave', { sosId });
    await admin.next('room_left', isMine(`sos:${sosId}`));
    return { sosId, a, b, admin };
  }

  test('without credentials', async () => {
    const peer = await start('--admin');
    await watch(peer);
    await peer.end();
  });

  test('with credentials, and then by the session that they gave', async () => {
    const peer = await start('--admin-user', 'root', '--admin-password', 'pa:ss');
    const { admin } = await watch(peer, { username: 'root', password: 'pa:ss' });
    const [sessionId] = await admin.next('session');
    await watch(peer, { sessionId });
    for (const auth of [{}, { username: 'root' }, { username: 'root', password: 'no' }, { username: 'root', password: 5 },
      { username: 'other', password: 'pa:ss' }, { username: 'root', password: { toString: 1 } }, { sessionId: 'x' }, { token: 'x' }]) {
      await assert.rejects(peer.client({ namespace: '/admin', auth }), /invalid credentials/, JSON.stringify(auth));
    }
    await peer.end();
  });

  test('in production it tells numbers alone', async () => {
    const peer = await start('--admin', '--admin-mode', 'production');
    const a = await peer.client();
    const admin = await peer.client({ namespace: '/admin' });
    await a.ask('sos:room:join', { sosId: '1' });
    await admin.next('server_stats');
    assert.deepEqual(new Set(admin.seen.map(([name]) => name)), new Set(['config', 'server_stats']));
    await peer.end();
  });

  test('without the option there is none', async () => {
    const peer = await start();
    await assert.rejects(peer.client({ namespace: '/admin' }), /Invalid namespace/);
    await peer.end();
  });

  test('the service is the same with it', async () => {
    const peer = await start('--admin');
    const { sosId, a, b, admin } = await watch(peer);
    const everything = ['sos:room:join', 'sos:init', 'participants:active:request', 'message:history:request'];
    for (const event of everything) admin.emit(event, { sosId });
    await b.ask('sos:room:join', { sosId, displayName: 'Eva', userType: 'rescuer' });
    const { participants } = await b.ask('participants:active:request', { sosId });
    assert.deepEqual(participants.map(({ connectedAt, ...rest }) => rest), [
      { userId: `anon-${a.socket.id}`, userType: 'citizen', socketId: a.socket.id },
      { userId: `anon-${b.socket.id}`, userType: 'rescuer', displayName: 'Eva', socketId: b.socket.id },
    ]);
    await peer.call('POST', `/api/messages/${sosId}`, SAY);
    await peer.call('PATCH', `/api/sos/${sosId}/participants/anon-${b.socket.id}/leave`);
    a.emit('sos:room:join', {});
    await settle(a, b);
    assert.deepEqual(a.seen.map(([name]) => name), ['message:broadcast', 'participant:left:broadcast', 'error']);
    assert.deepEqual(b.seen.map(([name]) => name), ['message:broadcast', 'participant:left:broadcast']);
    const names = new Set(admin.seen.map(([name]) => name));
    for (const event of ['message:broadcast', 'participant:left:broadcast', 'error', 'message:history:response']) {
      assert.ok(!names.has(event), event);
    }
    await peer.end();
  });

  for (const adapter of ['classic', 'sharded', 'streams']) {
    test(`it tells of sockets on another node: ${adapter}`, async () => {
      const redis = await startRedis();
      const options = ['--admin', '--redis', redis.url, '--adapter', adapter];
      const nodes = await Promise.all([start(...options), start(...options)]);
      const { sosId, a, b } = await watch(nodes[0], undefined, nodes[1]);
      await b.ask('sos:room:join', { sosId });
      const { participants } = await a.ask('participants:active:request', { sosId });
      assert.deepEqual(participants.map(({ socketId }) => socketId), [a.socket.id, b.socket.id]);
      const late = await nodes[0].client({ namespace: '/admin' });
      const [sockets] = await late.next('all_sockets');
      assert.deepEqual(sockets.find(({ id }) => id === b.socket.id).rooms, [b.socket.id, `sos:${sosId}`]);
      // With Redis gone it still tells of this node, and is no reason to end.
      await redis.kill();
      const alone = await nodes[0].client({ namespace: '/admin' });
      const [own] = await alone.next('all_sockets');
      assert.ok(own.some(({ id }) => id === a.socket.id) && !own.some(({ id }) => id === b.socket.id));
      await Promise.all(nodes.map((node) => node.end()));
      await redis.end();
    });
  }
});
