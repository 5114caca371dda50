// Tokens: which are accepted, and whom they name.

import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { SAY, fresh, jwt, settle, start } from './support.mjs';

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

describe('honest, with a public key', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sos-peer-keys-'));
  after(() => rm(folder, { recursive: true, force: true }));
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    identity: { userId: 'u1', role: 'RESCUER' }, iss: 'the issuer', aud: ['others', 'realtime'], exp: now + 600,
  };

  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  function signed(body, alg, bytes) {
    const text = `${part({ alg, typ: 'JWT' })}.${part(body)}`;
    return `${text}.${bytes(Buffer.from(text)).toString('base64url')}`;
  }

  const RSA = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
  const EC = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const by = ({ privateKey: key }, dsaEncoding = 'ieee-p1363') => (text) => sign('sha256', text, { key, dsaEncoding });
  const kinds = [['RS256', 'ES256', RSA()], ['ES256', 'RS256', EC()]];
  const stranger = { RS256: RSA(), ES256: EC() };

  for (const [alg, otherAlg, pair] of kinds) {
    describe(alg, async () => {
      const file = join(folder, `${alg}.pem`);
      const pem = pair.publicKey.export({ type: 'spki', format: 'pem' });
      await writeFile(file, pem);
      const peer = await start('--jwt-public-key', file, '--jwt-issuer', 'the issuer', '--jwt-audience', 'realtime');
      after(() => peer.end());
      const good = signed(claims, alg, by(pair));
      const statusOf = async (token) =>
        (await peer.call('GET', '/api/messages/1', undefined, { authorization: `Bearer ${token}` })).status;

      test('accepted: the claims are the identity', async () => {
        const a = await peer.client({ token: good });
        await a.ask('sos:room:join', { sosId: '1' });
        const { participants: [me] } = await a.ask('participants:active:request', { sosId: '1' });
        assert.deepEqual([me.userId, me.userType], ['u1', 'rescuer']);
        assert.equal(await statusOf(good), 200);
        assert.equal(await statusOf(signed({ ...claims, aud: 'realtime', nbf: now - 1 }, alg, by(pair))), 200);
      });

      const hmac = (text) => createHmac('sha256', pem).update(text).digest();
      const refused = {
        'the other key': signed(claims, alg, by(stranger[alg])),
        'the other algorithm in name': signed(claims, otherAlg, by(pair)),
        'the other algorithm': signed(claims, otherAlg, by(stranger[otherAlg])),
        'the public key as a secret': signed(claims, 'HS256', hmac),
        'a secret under the right name': signed(claims, alg, hmac),
        'alg none': signed(claims, 'none', () => Buffer.alloc(0)),
        'no signature': signed(claims, alg, () => Buffer.alloc(0)),
        'a signature of zeros': signed(claims, alg, () => Buffer.alloc(alg === 'ES256' ? 64 : 256)),
        'padding after the signature': `${good}AA`,
        'other claims': [good.split('.')[0], part({ ...claims, identity: { userId: 'u2' } }), good.split('.')[2]].join('.'),
        'expired': signed({ ...claims, exp: now - 1 }, alg, by(pair)),
        'not valid yet': signed({ ...claims, nbf: now + 600 }, alg, by(pair)),
        'another issuer': signed({ ...claims, iss: 'another' }, alg, by(pair)),
        'no issuer': signed({ ...claims, iss: undefined }, alg, by(pair)),
        'another audience': signed({ ...claims, aud: 'others' }, alg, by(pair)),
        'other audiences': signed({ ...claims, aud: ['others', 'realtime2'] }, alg, by(pair)),
        'no audience': signed({ ...claims, aud: undefined }, alg, by(pair)),
        'no identity': signed({ ...claims, identity: undefined }, alg, by(pair)),
        ...(alg === 'ES256' && { 'a signature in DER': signed(claims, alg, by(pair, 'der')) }),
      };
      for (const [name, token] of Object.entries(refused)) {
        test(`refused: ${name}`, async () => {
          assert.equal(await statusOf(token), 401);
          await assert.rejects(peer.client({ token }), /^Error: AUTHENTICATION_ERROR/);
        });
      }
    });
  }

  test('other kinds of keys are no option', async () => {
    for (const { publicKey } of [generateKeyPairSync('ed25519'), generateKeyPairSync('ec', { namedCurve: 'P-384' })]) {
      const file = join(folder, 'other.pem');
      await writeFile(file, publicKey.export({ type: 'spki', format: 'pem' }));
      await assert.rejects(start('--jwt-public-key', file), /neither an RSA key nor one on the curve P-256/);
    }
  });

  test('issuer and audience are for tokens of a shared secret too', async () => {
    const peer = await start('--jwt-key', 'k', '--jwt-issuer', 'the issuer', '--jwt-audience', 'realtime');
    await peer.client({ token: jwt(claims, 'k') });
    await assert.rejects(peer.client({ token: jwt({ ...claims, iss: 'another' }, 'k') }), /AUTHENTICATION_ERROR/);
    await assert.rejects(peer.client({ token: jwt({ ...claims, aud: 'others' }, 'k') }), /AUTHENTICATION_ERROR/);
    await peer.end();
  });
});
