// The internal calls: who may make them, what they must say, and what the room hears.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fresh, id, settle, start } from './support.mjs';

const NOW = '2026-01-02T03:04:05.678Z';
const MESSAGE = {
  id: 'm1', senderType: 'RESCUER', senderId: 'u1', senderDisplayName: 'Ana',
  contentType: 'text', content: 'hello', createdAt: NOW,
};

describe('internal calls', () => {
  let peer;
  before(async () => { peer = await start('--internal-token', 'hush', '--jwt-key', 'k', '--no-api'); });
  after(() => peer.end());

  const TOKEN = { 'x-internal-token': 'hush' };
  const INTERNAL = { 'x-internal-request': 'true' };
  const calls = (sosId) => ({
    message: ['/internal/messaging/broadcast', TOKEN, { sosId, message: { ...MESSAGE, sosId } }],
    joined: ['/internal/participants/joined', INTERNAL, { sosId, userId: 'u1', userType: 'citizen' }],
    left: ['/internal/participants/left', INTERNAL, { sosId, userId: 'u1' }],
    status: [`/internal/realtime/sos/${id(sosId)}/status`, TOKEN, { status: 'arrived', updatedBy: 'u1', oldStatus: 'active' }],
  });

  /** A peer whose anonymous clients may come in: tokens have nothing to do with internal calls. */
  async function room() {
    const open = await start('--internal-token', 'hush');
    const sosId = `${fresh()} /é`;
    const [a, b] = [await open.client(), await open.client()];
    await a.ask('sos:room:join', { sosId });
    await b.ask('sos:room:join', { sosId: `${sosId}0` });
    return { open, sosId, a, b };
  }

  test('each is broadcast once, to the room alone, in the documented shape', async () => {
    const { open, sosId, a, b } = await room();
    for (const [path, headers, body] of Object.values(calls(sosId))) {
      const answer = await open.call('POST', path, body, headers);
      assert.deepEqual([answer.status, answer.body], [200, { success: true }], path);
    }
    await settle(a, b);
    assert.deepEqual(b.seen, []);
    const [[, message], [, joined], [, left], [, status]] = a.seen;
    assert.deepEqual(a.seen.map(([name]) => name), ['message:broadcast', 'participant:joined:broadcast',
      'participant:left:broadcast', 'sos:status:broadcast']);
    assert.deepEqual(message, { ...MESSAGE, senderType: 'rescuer', sosId, timestamp: Date.parse(NOW) });
    const { joinedAt, ...who } = joined;
    assert.deepEqual(who, { sosId, userId: 'u1', userType: 'citizen', displayName: '' });
    const { leftAt, ...whom } = left;
    assert.deepEqual(whom, { sosId, userId: 'u1' });
    for (const moment of [joinedAt, leftAt]) assert.equal(new Date(moment).toISOString(), moment);
    const { timestamp, ...what } = status;
    assert.deepEqual(what, { sosId, status: 'arrived', updatedBy: 'u1' });
    assert.ok(Number.isInteger(timestamp));
    assert.equal((await open.call('GET', `/api/messages/${id(sosId)}`)).body.pagination.total, 0);
    await open.end();
  });

  test('what is given is passed on, and what may be missing is filled', async () => {
    const { open, sosId, a } = await room();
    const { message, joined, left, status } = calls(sosId);
    const send = (call, change) => open.call('POST', call[0], { ...call[2], ...change }, call[1]);
    const { senderId, ...anonymous } = MESSAGE;
    await send(message, { message: { ...anonymous, options: { silent: true } } });
    await send(joined, { displayName: 'Eva', joinedAt: NOW });
    await send(left, { leftAt: NOW });
    await send(status, { updatedBy: undefined, oldStatus: undefined });
    await settle(a);
    const [[, told], [, came], [, went], [, changed]] = a.seen;
    assert.deepEqual([told.senderId, told.sosId, told.options], [null, sosId, { silent: true }]);
    assert.deepEqual([came.displayName, came.joinedAt, went.leftAt], ['Eva', NOW, NOW]);
    assert.deepEqual(Object.keys(changed).sort(), ['sosId', 'status', 'timestamp']);
    await open.end();
  });

  test('only for those who say the word', async () => {
    for (const [path, headers, body] of Object.values(calls('1'))) {
      const [name] = Object.keys(headers);
      for (const wrong of [{}, { [name]: 'no' }, { [name]: `${headers[name]} x` }, name === 'x-internal-token' ? INTERNAL : TOKEN]) {
        const answer = await peer.call('POST', path, body, wrong);
        assert.deepEqual([answer.status, answer.body.success, typeof answer.body.error], [401, false, 'string'], path);
      }
      assert.equal((await peer.call('GET', path, undefined, headers)).status, 404);
      assert.equal((await peer.call('POST', path, body, headers)).status, 200);
    }
  });

  test('what is missing or wrong is refused', async () => {
    const { message, joined, left, status } = calls('1');
    const cases = [
      [message, {}], [message, { sosId: '1' }], [message, { message: MESSAGE }], [message, { sosId: '1', message: 'm' }],
      ...Object.keys(MESSAGE).filter((name) => name !== 'senderId')
        .map((name) => [message, { sosId: '1', message: { ...MESSAGE, [name]: undefined } }]),
      [message, { sosId: '1', message: { ...MESSAGE, senderType: 'citizen' } }],
      [message, { sosId: '1', message: { ...MESSAGE, sosId: '2' } }],
      [message, { sosId: '1', message: { ...MESSAGE, content: 'x'.repeat(2001) } }],
      [message, { sosId: '1', message: { ...MESSAGE, createdAt: 'today' } }],
      [message, { sosId: '1', message: { ...MESSAGE, senderId: 5 } }],
      ...['sosId', 'userId', 'userType'].map((name) => [joined, { ...joined[2], [name]: undefined }]),
      [joined, { ...joined[2], displayName: 5 }], [joined, { ...joined[2], userType: 'boss' }],
      ...['sosId', 'userId'].map((name) => [left, { ...left[2], [name]: undefined }]),
      [left, { ...left[2], leftAt: 5 }],
      [status, {}], [status, { status: 'ACTIVE' }], [status, { status: 'active', updatedBy: 5 }],
      ...[message, joined, left, status].flatMap((call) => [[call, undefined], [call, '{'], [call, '[]']]),
    ];
    for (const [[path, headers], body] of cases) {
      const answer = await peer.call('POST', path, body, headers);
      assert.deepEqual([answer.status, answer.body.success, typeof answer.body.error],
        [400, false, 'string'], `${path} ${JSON.stringify(body)?.slice(0, 200)}`);
    }
  });
});
